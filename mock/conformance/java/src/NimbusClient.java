import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.oauth2.sdk.AuthorizationCode;
import com.nimbusds.oauth2.sdk.AuthorizationCodeGrant;
import com.nimbusds.oauth2.sdk.ErrorResponse;
import com.nimbusds.oauth2.sdk.GeneralException;
import com.nimbusds.oauth2.sdk.Response;
import com.nimbusds.oauth2.sdk.ResponseType;
import com.nimbusds.oauth2.sdk.Scope;
import com.nimbusds.oauth2.sdk.TokenRequest;
import com.nimbusds.oauth2.sdk.TokenResponse;
import com.nimbusds.oauth2.sdk.auth.ClientAuthentication;
import com.nimbusds.oauth2.sdk.auth.ClientSecretBasic;
import com.nimbusds.oauth2.sdk.auth.Secret;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.id.Issuer;
import com.nimbusds.oauth2.sdk.id.State;
import com.nimbusds.oauth2.sdk.pkce.CodeChallengeMethod;
import com.nimbusds.oauth2.sdk.pkce.CodeVerifier;
import com.nimbusds.openid.connect.sdk.AuthenticationRequest;
import com.nimbusds.openid.connect.sdk.AuthenticationResponse;
import com.nimbusds.openid.connect.sdk.AuthenticationResponseParser;
import com.nimbusds.openid.connect.sdk.Nonce;
import com.nimbusds.openid.connect.sdk.OIDCTokenResponse;
import com.nimbusds.openid.connect.sdk.OIDCTokenResponseParser;
import com.nimbusds.openid.connect.sdk.UserInfoRequest;
import com.nimbusds.openid.connect.sdk.UserInfoResponse;
import com.nimbusds.openid.connect.sdk.claims.IDTokenClaimsSet;
import com.nimbusds.openid.connect.sdk.claims.UserInfo;
import com.nimbusds.openid.connect.sdk.op.OIDCProviderMetadata;
import com.nimbusds.openid.connect.sdk.token.OIDCTokens;
import com.nimbusds.openid.connect.sdk.validators.AccessTokenValidator;
import com.nimbusds.openid.connect.sdk.validators.IDTokenValidator;
import java.io.IOException;
import java.net.URI;
import java.util.Map;

/** A client made of Nimbus's OAuth 2.0 SDK with OpenID Connect extensions, as its guides do it. */
final class NimbusClient {
    static final ClientID ID = new ClientID(Mock.PUBLISHABLE_KEY);

    /** Where logins come back to. Nobody opens it. */
    static final URI REDIRECT_URI = URI.create("http://localhost/callback");

    final OIDCProviderMetadata provider;
    private final ClientAuthentication authentication; // null: a public client
    private final IDTokenValidator validator;

    NimbusClient(ClientAuthentication authentication) throws GeneralException, IOException {
        this.authentication = authentication;
        provider = OIDCProviderMetadata.resolve(new Issuer(Mock.ISSUER));
        validator = new IDTokenValidator(provider.getIssuer(), ID, JWSAlgorithm.ES256, provider.getJWKSetURI().toURL());
    }

    static NimbusClient confidential() throws GeneralException, IOException {
        return new NimbusClient(new ClientSecretBasic(ID, new Secret(Mock.SECRET_KEY)));
    }

    /** A login that has begun: its URL, and what its callback is checked with. */
    record Login(URI url, State state, Nonce nonce, CodeVerifier verifier) {}

    /** What a login leads to. */
    record Result(OIDCTokens tokens, Nonce nonce) {}

    Login begin(Map<String, String> parameters) {
        Login login = new Login(provider.getAuthorizationEndpointURI(), new State(), new Nonce(), new CodeVerifier());
        AuthenticationRequest.Builder request =
            new AuthenticationRequest.Builder(ResponseType.CODE, new Scope("openid", "email"), ID, REDIRECT_URI)
                .endpointURI(login.url)
                .state(login.state)
                .nonce(login.nonce)
                .codeChallenge(login.verifier, CodeChallengeMethod.S256);
        parameters.forEach(request::customParameter);
        return new Login(request.build().toURI(), login.state, login.nonce, login.verifier);
    }

    /** Exchanges the code of a callback. What the server refuses is a GeneralException. */
    Result end(Login login, URI callback) throws Exception {
        AuthenticationResponse response = AuthenticationResponseParser.parse(callback);
        Suite.equal(response.getState(), login.state);
        Suite.equal(response.getIssuer(), provider.getIssuer());
        AuthorizationCode code = successful(response).toSuccessResponse().getAuthorizationCode();
        AuthorizationCodeGrant grant = new AuthorizationCodeGrant(code, REDIRECT_URI, login.verifier);
        URI endpoint = provider.getTokenEndpointURI();
        TokenRequest.Builder request = authentication == null
            ? new TokenRequest.Builder(endpoint, ID, grant)
            : new TokenRequest.Builder(endpoint, authentication, grant);
        TokenResponse answer = successful(OIDCTokenResponseParser.parse(request.build().toHTTPRequest().send()));
        Result result = new Result(((OIDCTokenResponse) answer).getOIDCTokens(), login.nonce);
        validate(result);
        return result;
    }

    /** Logs in with a wallet, in a browser of its own. */
    Result login(String wallet) throws Exception {
        Login login = begin(Map.of());
        return end(login, new Browser().approve(login.url, wallet));
    }

    /** Checks the ID token of a login, and that the access token is the one that came with it. */
    IDTokenClaimsSet validate(Result result) throws Exception {
        IDTokenClaimsSet claims = validator.validate(result.tokens.getIDToken(), result.nonce);
        AccessTokenValidator.validate(result.tokens.getAccessToken(), JWSAlgorithm.ES256, claims.getAccessTokenHash());
        return claims;
    }

    UserInfo user(Result result) throws Exception {
        UserInfoRequest request = new UserInfoRequest(provider.getUserInfoEndpointURI(), result.tokens.getBearerAccessToken());
        return successful(UserInfoResponse.parse(request.toHTTPRequest().send())).toSuccessResponse().getUserInfo();
    }

    private static <R extends Response> R successful(R response) throws GeneralException {
        if (response instanceof ErrorResponse error) {
            throw new GeneralException(error.getErrorObject().toJSONObject().toString(), error.getErrorObject());
        }
        return response;
    }
}
