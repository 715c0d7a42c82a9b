import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.oauth2.sdk.GeneralException;
import com.nimbusds.oauth2.sdk.OAuth2Error;
import com.nimbusds.oauth2.sdk.as.AuthorizationServerMetadata;
import com.nimbusds.oauth2.sdk.auth.ClientAuthentication;
import com.nimbusds.oauth2.sdk.auth.ClientSecretBasic;
import com.nimbusds.oauth2.sdk.auth.ClientSecretPost;
import com.nimbusds.oauth2.sdk.auth.Secret;
import com.nimbusds.oauth2.sdk.id.Issuer;
import com.nimbusds.openid.connect.sdk.op.OIDCProviderMetadata;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Nimbus's OAuth 2.0 SDK with OpenID Connect extensions against the mock: discovery, login, user, refusal and rotation of keys. */
public final class Nimbus {
    public static void main(String[] arguments) throws Exception {
        Mock.allowRedirectURI(NimbusClient.REDIRECT_URI);
        String wallet = Mock.testWallet();
        Suite suite = new Suite("Nimbus");
        NimbusClient client = NimbusClient.confidential();

        suite.check("discovery: OpenID Connect and OAuth 2.0 say the same", () -> {
            Issuer issuer = new Issuer(Mock.ISSUER);
            Suite.equal(endpoints(AuthorizationServerMetadata.resolve(issuer)), endpoints(OIDCProviderMetadata.resolve(issuer)));
        });

        Secret secret = new Secret(Mock.SECRET_KEY);
        Map<String, ClientAuthentication> methods = new LinkedHashMap<>();
        methods.put("client_secret_basic", new ClientSecretBasic(NimbusClient.ID, secret));
        methods.put("client_secret_post", new ClientSecretPost(NimbusClient.ID, secret));
        methods.put("a public client", null);
        for (var method : methods.entrySet()) {
            suite.check("login and user: " + method.getKey(), () -> {
                NimbusClient own = new NimbusClient(method.getValue());
                NimbusClient.Result result = own.login(wallet);
                Suite.equal(own.validate(result).getSubject().getValue(), "ethereum:" + wallet);
                Suite.equal(own.user(result).getSubject().getValue(), "ethereum:" + wallet);
                Suite.equal(own.user(result).getStringClaim("walletAddress"), wallet);
            });
        }

        suite.check("refusal: the user says no", () -> {
            NimbusClient.Login login = client.begin(Map.of());
            URI callback = new Browser().deny(login.url());
            refused(OAuth2Error.ACCESS_DENIED.getCode(), () -> client.end(login, callback));
        });
        suite.check("refusal: the gate stays closed", () -> {
            NimbusClient.Login login = client.begin(Map.of("contractAddress", Mock.CONTRACT, "minTokenBalance", "1000000"));
            URI callback = new Browser().approve(login.url(), wallet);
            refused(OAuth2Error.ACCESS_DENIED.getCode(), () -> client.end(login, callback));
        });
        suite.check("refusal: a code works once", () -> {
            NimbusClient.Login login = client.begin(Map.of());
            URI callback = new Browser().approve(login.url(), wallet);
            client.end(login, callback);
            refused(OAuth2Error.INVALID_GRANT.getCode(), () -> client.end(login, callback));
        });
        suite.check("refusal: a secret that is wrong", () -> {
            NimbusClient stranger = new NimbusClient(new ClientSecretBasic(NimbusClient.ID, new Secret("sk_wrong")));
            refused(OAuth2Error.INVALID_CLIENT.getCode(), () -> stranger.login(wallet));
        });

        // The client keeps the keys that it fetched, and fetches them again for a token whose key it does not know.
        suite.check("rotation: a login with a new key, and the token before it while its key is served", () -> {
            NimbusClient.Result before = client.login(wallet);
            Mock.rotateSigningKey(3600);
            client.validate(client.login(wallet));
            client.validate(before);
        });
        suite.check("rotation: a token whose key is no longer served is refused", () -> {
            NimbusClient.Result before = client.login(wallet);
            Mock.rotateSigningKey(0);
            client.login(wallet);
            Suite.throwing(BadJOSEException.class, () -> client.validate(before));
        });
        suite.finish();
    }

    private static List<Object> endpoints(AuthorizationServerMetadata metadata) {
        return List.of(
            metadata.getIssuer(), metadata.getAuthorizationEndpointURI(), metadata.getTokenEndpointURI(), metadata.getJWKSetURI());
    }

    private static void refused(String code, Suite.Check call) throws Exception {
        Suite.equal(Suite.throwing(GeneralException.class, call).getErrorObject().getCode(), code);
    }
}
