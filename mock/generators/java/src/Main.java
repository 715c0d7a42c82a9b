import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.openapitools.client.ApiClient;
import org.openapitools.client.ApiException;
import org.openapitools.client.JSON;
import org.openapitools.client.api.AuthenticationApi;
import org.openapitools.client.api.OAuth20Api;
import org.openapitools.client.api.WalletsApi;
import org.openapitools.client.model.AuthRequest;
import org.openapitools.client.model.AuthResponse;
import org.openapitools.client.model.AuthzRequest;
import org.openapitools.client.model.ErrorResponse;
import org.openapitools.client.model.NonceRequest;
import org.openapitools.client.model.NonceResponse;
import org.openapitools.client.model.OAuthTokenResponse;
import org.openapitools.client.model.Requirements;
import org.openapitools.client.model.TokenOwnershipRequest;
import org.openapitools.client.model.TokenOwnershipResponse;
import org.openapitools.client.model.ValidateRequest;

/** Calls the API with the client that OpenAPI Generator's java makes. */
public final class Main {
    private static final String TOKEN = "0x1f9840a85d5aF5bf1D1762F925BDADdC4201F984";
    private static final String SECRET_KEY = System.getenv("PICKET_SECRET_KEY");
    private static final int FAILED = 3; // an exit status that Java does not use for a crash

    private static final ApiClient client = new ApiClient();
    private static final AuthenticationApi authentication = new AuthenticationApi(client);
    private static final WalletsApi wallets = new WalletsApi(client);
    private static final OAuth20Api oauth = new OAuth20Api(client);
    private static int status = 0;

    public static void main(String[] arguments) {
        client.setBasePath(System.getenv("PICKET_URL"));
        client.setUsername(SECRET_KEY);
        client.setPassword("");

        check("logs in with a wallet", () -> {
            Wallet wallet = Wallet.ethereum();
            logIn(wallet, new Requirements()); // nobody would get in if an absent list were sent as an empty one
            AuthResponse auth = logIn(wallet, null);
            equal(auth.getUser().getWalletAddress(), wallet.address());
            var claims = authentication.validate(new ValidateRequest().accessToken(auth.getAccessToken()));
            equal(claims.getSub(), "ethereum:" + wallet.address());
            equal(claims.getExp() - claims.getIat(), 12 * 60 * 60L);
        });
        check("passes a gate", () -> {
            Wallet wallet = Wallet.ethereum();
            setBalance(wallet, "contractAddress", TOKEN, "2.5");
            AuthResponse auth = logIn(wallet, new Requirements().contractAddress(TOKEN).minTokenBalance("2.5"));
            equal(auth.getUser().getTokenBalances().getContractAddress(), Map.of(TOKEN, "2.5"));
        });
        check("is refused at a gate", () -> {
            Wallet wallet = Wallet.ethereum();
            setBalance(wallet, "contractAddress", TOKEN, "2.4");
            refused(() -> logIn(wallet, new Requirements().contractAddress(TOKEN).minTokenBalance("2.5")));
        });
        check("asks for one collection and for several", () -> {
            Wallet wallet = Wallet.solana();
            setBalance(wallet, "collection", "CATS", "1");
            logIn(wallet, new Requirements().collection(List.of("CATS")));
            refused(() -> logIn(wallet, new Requirements().collection(List.of("DOGS"))));
            Requirements both = new Requirements().collection(List.of("CATS", "DOGS")).minTokenBalance("2");
            refused(() -> logIn(wallet, both));
            setBalance(wallet, "collection", "DOGS", "1");
            logIn(wallet, both);
        });
        check("opens a gate later", () -> {
            Wallet wallet = Wallet.ethereum();
            AuthResponse before = logIn(wallet, null);
            AuthzRequest gate = new AuthzRequest()
                .accessToken(before.getAccessToken())
                .requirements(new Requirements().contractAddress(TOKEN))
                .revalidate(true);
            refused(() -> authentication.authz(gate));
            setBalance(wallet, "contractAddress", TOKEN, "1");
            AuthResponse after = authentication.authz(gate);
            equal(after.getAccessToken().equals(before.getAccessToken()), false);
            equal(after.getUser().getTokenBalances().getContractAddress(), Map.of(TOKEN, "1"));
        });
        check("checks ownership", () -> {
            Wallet wallet = Wallet.ethereum();
            TokenOwnershipRequest tokens = new TokenOwnershipRequest().contractAddress(TOKEN).minTokenBalance("2.5");
            equal(wallets.tokenOwnership(wallet.chain(), wallet.address(), tokens).getAllowed(), false);
            setBalance(wallet, "contractAddress", TOKEN, "2.5");
            TokenOwnershipResponse ownership = wallets.tokenOwnership(wallet.chain(), wallet.address(), tokens);
            equal(ownership.getAllowed(), true);
            equal(ownership.getTokenBalance(), "2.5");
        });
        check("exchanges a grant", () -> {
            Wallet wallet = Wallet.ethereum();
            OAuthTokenResponse token =
                oauth.token("password", null, null, null, null, null, wallet.address(), sign(wallet), null, null);
            equal(token.getTokenType(), "Bearer");
            var claims = authentication.validate(new ValidateRequest().accessToken(token.getAccessToken()));
            equal(claims.getWalletAddress(), wallet.address());
        });
        System.exit(status); // without waiting for idle connections to close
    }

    private static String sign(Wallet wallet) throws Exception {
        NonceResponse nonce = authentication.nonce(new NonceRequest().chain(wallet.chain()).walletAddress(wallet.address()));
        return wallet.sign("%s\n\nAddress: %s\nNonce: %s".formatted(nonce.getStatement(), wallet.address(), nonce.getNonce()));
    }

    private static AuthResponse logIn(Wallet wallet, Requirements requirements) throws Exception {
        return authentication.auth(new AuthRequest()
            .chain(wallet.chain())
            .walletAddress(wallet.address())
            .signature(sign(wallet))
            .requirements(requirements));
    }

    private static void refused(Check call) throws Exception {
        try {
            call.run();
        } catch (ApiException exception) {
            equal(exception.getCode(), 403);
            equal(ErrorResponse.fromJson(exception.getResponseBody()).getCode(), "permission_denied");
            return;
        }
        throw new AssertionError("the gate let the wallet in");
    }

    /** Sets how much of a token the mock says that the wallet holds. */
    private static void setBalance(Wallet wallet, String kind, String name, String balance) throws Exception {
        String body = JSON.getGson().toJson(
            Map.of("chain", wallet.chain(), "walletAddress", wallet.address(), kind, name, "balance", balance));
        HttpRequest request = HttpRequest.newBuilder(URI.create(System.getenv("PICKET_CONTROL_URL") + "/balances"))
            .header("Authorization", "Basic " + Base64.getEncoder().encodeToString((SECRET_KEY + ":").getBytes()))
            .header("Content-Type", "application/json")
            .PUT(HttpRequest.BodyPublishers.ofString(body))
            .build();
        equal(HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()).statusCode(), 204);
    }

    private interface Check {
        void run() throws Exception;
    }

    private static void check(String title, Check check) {
        try {
            check.run();
            System.out.println("ok   java  " + title);
        } catch (Exception | AssertionError error) { // a check that fails does not end the others
            String reason = error.toString().replaceAll("\\s+", " ");
            System.out.println("FAIL java  " + title + ": " + reason.substring(0, Math.min(reason.length(), 400)));
            status = FAILED;
        }
    }

    private static void equal(Object got, Object want) {
        if (!Objects.equals(got, want)) {
            throw new AssertionError("got " + got + ", want " + want);
        }
    }
}
