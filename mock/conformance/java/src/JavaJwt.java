import com.auth0.jwk.JwkException;
import com.auth0.jwk.JwkProvider;
import com.auth0.jwk.JwkProviderBuilder;
import com.auth0.jwt.JWT;
import com.auth0.jwt.algorithms.Algorithm;
import com.auth0.jwt.exceptions.InvalidClaimException;
import com.auth0.jwt.exceptions.SignatureVerificationException;
import com.auth0.jwt.interfaces.DecodedJWT;
import com.auth0.jwt.interfaces.ECDSAKeyProvider;
import java.net.URL;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;

/**
 * Auth0's java-jwt with the keys that jwks-rsa fetches, against tokens of the mock: ES256, refusal and rotation of keys. Neither logs
 * users in, so Nimbus's SDK does that here.
 */
public final class JavaJwt {
    public static void main(String[] arguments) throws Exception {
        Mock.allowRedirectURI(NimbusClient.REDIRECT_URI);
        String wallet = Mock.testWallet();
        Suite suite = new Suite("java-jwt");
        NimbusClient client = NimbusClient.confidential();
        URL keys = client.provider.getJWKSetURI().toURL();
        Algorithm cached = es256(new JwkProviderBuilder(keys).build());

        suite.check("login: the ID token", () -> {
            NimbusClient.Result result = client.login(wallet);
            DecodedJWT token = verify(cached, result.tokens().getIDTokenString());
            Suite.equal(token.getSubject(), "ethereum:" + wallet);
            Suite.equal(token.getClaim("nonce").asString(), result.nonce().getValue());
        });
        // It names no key. jwks-rsa finds the key all the same, as long as there is only one.
        suite.check("login: the access token, while one key is served", () -> {
            String token = client.login(wallet).tokens().getAccessToken().getValue();
            Suite.equal(JWT.require(cached).withIssuer(Mock.ACCESS_TOKEN_ISSUER).build().verify(token).getSubject(), "ethereum:" + wallet);
        });
        suite.check("refusal: an access token is no ID token", () -> {
            String token = client.login(wallet).tokens().getAccessToken().getValue();
            Suite.throwing(InvalidClaimException.class, () -> verify(cached, token));
        });

        suite.check("rotation: a token with a new key, and the one before it while its key is served", () -> {
            String before = client.login(wallet).tokens().getIDTokenString();
            Mock.rotateSigningKey(3600);
            verify(cached, client.login(wallet).tokens().getIDTokenString());
            verify(cached, before);
            verify(es256(new JwkProviderBuilder(keys).build()), before); // which has not seen that key before
        });
        // jwks-rsa keeps each key for ten hours, unless it is told not to.
        suite.check("rotation: a token whose key is no longer served is refused, with cached(false)", () -> {
            Algorithm uncached = es256(new JwkProviderBuilder(keys).cached(false).build());
            String before = client.login(wallet).tokens().getIDTokenString();
            verify(uncached, before);
            Mock.rotateSigningKey(0);
            verify(uncached, client.login(wallet).tokens().getIDTokenString());
            Suite.throwing(SignatureVerificationException.class, () -> verify(uncached, before));
        });
        suite.finish();
    }

    private static DecodedJWT verify(Algorithm algorithm, String idToken) {
        return JWT.require(algorithm).withIssuer(Mock.ISSUER).withAudience(Mock.PUBLISHABLE_KEY).build().verify(idToken);
    }

    private static Algorithm es256(JwkProvider provider) {
        return Algorithm.ECDSA256(new ECDSAKeyProvider() {
            @Override
            public ECPublicKey getPublicKeyById(String id) {
                try {
                    return (ECPublicKey) provider.get(id).getPublicKey();
                } catch (JwkException exception) {
                    throw new IllegalStateException(exception); // which java-jwt takes for a signature that does not verify
                }
            }

            @Override
            public ECPrivateKey getPrivateKey() {
                return null;
            }

            @Override
            public String getPrivateKeyId() {
                return null;
            }
        });
    }
}
