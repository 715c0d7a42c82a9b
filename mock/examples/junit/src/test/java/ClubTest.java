import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.web3j.crypto.Keys;

class ClubTest {
    private static final String CONTRACT = "0x1f9840a85d5aF5bf1D1762F925BDADdC4201F984";
    private static final Map<String, String> HOLDERS = Map.of("contractAddress", CONTRACT, "minTokenBalance", "3");

    @RegisterExtension
    final Picket picket = new Picket();

    @Test
    void aHolderOfThreeTokensEntersTheClubUntilTheTokenOfTheLoginExpires() throws Exception {
        var wallet = Keys.createEcKeyPair();
        picket.control("PUT", "balances", Map.of(
            "chain", "ethereum", "walletAddress", Picket.address(wallet), "contractAddress", CONTRACT, "balance", "3"));
        var gate = Map.of("accessToken", picket.logIn(wallet), "requirements", HOLDERS);

        var user = picket.call("authz", gate).body().path("user");
        assertEquals("3", user.path("tokenBalances").path("contractAddress").path(CONTRACT).asText());

        picket.control("POST", "clock/advance", Map.of("seconds", 12 * 60 * 60)); // the clock of this project stops there
        var late = picket.call("authz", gate);
        assertEquals(400, late.status());
        assertEquals("parameter_invalid", late.body().path("code").asText());
    }

    @Test
    void aWalletWithoutTokensStaysOutside() throws Exception {
        var gate = Map.of("accessToken", picket.logIn(Keys.createEcKeyPair()), "requirements", HOLDERS);
        var answer = picket.call("authz", gate);
        assertEquals(403, answer.status());
        assertEquals("permission_denied", answer.body().path("code").asText());
    }
}
