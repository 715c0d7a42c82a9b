CONTRACT = "0x1f9840a85d5aF5bf1D1762F925BDADdC4201F984"
HOLDERS = {"contractAddress": CONTRACT, "minTokenBalance": "3"}


def test_a_holder_of_three_tokens_enters_the_club_until_the_token_of_the_login_expires(picket, wallet):
    picket.control("PUT", "balances", chain="ethereum", walletAddress=wallet.address, contractAddress=CONTRACT, balance="3")
    token = picket.log_in(wallet)

    answer = picket.call("authz", accessToken=token, requirements=HOLDERS)
    assert answer.json()["user"]["tokenBalances"] == {"contractAddress": {CONTRACT: "3"}}

    picket.control("POST", "clock/advance", seconds=12 * 60 * 60)  # the clock of this project stops there
    answer = picket.call("authz", accessToken=token, requirements=HOLDERS)
    assert (answer.status_code, answer.json()["code"]) == (400, "parameter_invalid")


def test_a_wallet_without_tokens_stays_outside(picket, wallet):
    answer = picket.call("authz", accessToken=picket.log_in(wallet), requirements=HOLDERS)
    assert (answer.status_code, answer.json()["code"]) == (403, "permission_denied")
