import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.cache.Cache;
import org.springframework.cache.concurrent.ConcurrentMapCache;
import org.springframework.security.oauth2.client.endpoint.OAuth2AuthorizationCodeGrantRequest;
import org.springframework.security.oauth2.client.endpoint.RestClientAuthorizationCodeTokenResponseClient;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.client.registration.ClientRegistrationRepository;
import org.springframework.security.oauth2.client.registration.ClientRegistrations;
import org.springframework.security.oauth2.client.web.OAuth2AuthorizationRequestCustomizers;
import org.springframework.security.oauth2.core.ClientAuthenticationMethod;
import org.springframework.security.oauth2.core.OAuth2AuthorizationException;
import org.springframework.security.oauth2.core.endpoint.OAuth2AuthorizationExchange;
import org.springframework.security.oauth2.core.endpoint.OAuth2AuthorizationRequest;
import org.springframework.security.oauth2.core.endpoint.OAuth2AuthorizationResponse;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;
import org.springframework.security.oauth2.jwt.JwtException;
import org.springframework.security.oauth2.jwt.JwtValidators;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.web.util.UriComponentsBuilder;
import tools.jackson.databind.json.JsonMapper;

/** Spring Security against the mock, as a client and as a resource server: discovery, login, user, refusal and rotation of keys. */
public final class Spring {
    private static URI site;
    private static String wallet;

    public static void main(String[] arguments) throws Exception {
        wallet = Mock.testWallet();
        Suite suite = new Suite("Spring");
        ServletWebServerApplicationContext application = SpringApp.start();
        site = URI.create("http://127.0.0.1:" + application.getWebServer().getPort());
        URI redirectURI = site.resolve("/login/oauth2/code/picket");
        Mock.allowRedirectURI(redirectURI);
        Mock.allowRedirectURI(site.resolve("/login/oauth2/code/club"));
        ClientRegistration client = application.getBean(ClientRegistrationRepository.class).findByRegistrationId("picket");
        Cache keys = new ConcurrentMapCache("keys");
        NimbusJwtDecoder accessTokens = NimbusJwtDecoder.withJwkSetUri(client.getProviderDetails().getJwkSetUri())
            .jwsAlgorithm(SignatureAlgorithm.ES256)
            .cache(keys)
            .build();
        accessTokens.setJwtValidator(JwtValidators.createDefaultWithIssuer(Mock.ACCESS_TOKEN_ISSUER));

        suite.check("discovery: the endpoints and the method of authentication", () -> {
            ClientRegistration found = ClientRegistrations.fromIssuerLocation(Mock.ISSUER).clientId(Mock.PUBLISHABLE_KEY).build();
            Suite.equal(found.getClientAuthenticationMethod(), ClientAuthenticationMethod.CLIENT_SECRET_BASIC);
            ClientRegistration.ProviderDetails provider = found.getProviderDetails();
            Suite.equal(provider.getAuthorizationUri(), Mock.ISSUER + "/oauth2/authorize");
            Suite.equal(provider.getTokenUri(), Mock.ISSUER + "/oauth2/token");
            Suite.equal(provider.getUserInfoEndpoint().getUri(), Mock.ISSUER + "/oauth2/userinfo");
            Suite.equal(provider.getJwkSetUri(), Mock.ISSUER + "/oauth2/jwks");
        });
        suite.check("login and user: oauth2Login", () -> {
            SpringApp.User user = login();
            Suite.equal(user.subject(), "ethereum:" + wallet);
            Suite.equal(user.walletAddress(), wallet);
        });
        suite.check("resource server: an ID token by its issuer, and an access token by the keys", () -> {
            SpringApp.User user = login();
            Suite.equal(api(user.idToken()), "200 ethereum:" + wallet);
            Suite.equal(api(user.accessToken()), "401 ");
            Suite.equal(accessTokens.decode(user.accessToken()).getSubject(), "ethereum:" + wallet);
            Suite.throwing(JwtException.class, () -> accessTokens.decode(user.idToken()));
        });

        suite.check("refusal: the user says no", () -> {
            Browser browser = new Browser();
            URI page = browser.follow(site.resolve("/oauth2/authorization/picket"));
            HttpResponse<String> home = browser.open(browser.deny(page));
            Suite.equal(home.statusCode() + " " + home.body(), "403 access_denied");
        });
        suite.check("refusal: the gate stays closed", () -> {
            Browser browser = new Browser();
            URI page = browser.follow(site.resolve("/oauth2/authorization/club"));
            HttpResponse<String> home = browser.open(browser.approve(page, wallet));
            Suite.equal(home.statusCode() + " " + home.body(), "403 access_denied");
        });
        // The application refuses a callback that it has seen, so this uses only its part that exchanges codes.
        suite.check("refusal: a code works once", () -> {
            OAuth2AuthorizationRequest.Builder builder = OAuth2AuthorizationRequest.authorizationCode()
                .authorizationUri(client.getProviderDetails().getAuthorizationUri())
                .clientId(client.getClientId())
                .redirectUri(redirectURI.toString())
                .scopes(client.getScopes())
                .state("state");
            OAuth2AuthorizationRequestCustomizers.withPkce().accept(builder);
            OAuth2AuthorizationRequest request = builder.build();
            URI callback = new Browser().approve(URI.create(request.getAuthorizationRequestUri()), wallet);
            String code = UriComponentsBuilder.fromUri(callback).build().getQueryParams().getFirst("code");
            OAuth2AuthorizationResponse response =
                OAuth2AuthorizationResponse.success(code).redirectUri(redirectURI.toString()).state("state").build();
            var grant = new OAuth2AuthorizationCodeGrantRequest(client, new OAuth2AuthorizationExchange(request, response));
            var exchange = new RestClientAuthorizationCodeTokenResponseClient();
            exchange.getTokenResponse(grant);
            var refusal = Suite.throwing(OAuth2AuthorizationException.class, () -> exchange.getTokenResponse(grant));
            Suite.equal(refusal.getError().getErrorCode(), "invalid_grant");
        });

        // The decoders keep the keys that they fetched, and fetch them again for a token that names a key that they do not know. Access
        // tokens name no key, so the decoder of access tokens fetches them again when its cache expires, after five minutes by default.
        // Here the cache is cleared.
        suite.check("rotation: a login with a new key, and the tokens before it while their key is served", () -> {
            SpringApp.User before = login();
            Mock.rotateSigningKey(3600);
            keys.clear();
            SpringApp.User after = login();
            for (SpringApp.User user : List.of(after, before)) {
                Suite.equal(api(user.idToken()), "200 ethereum:" + wallet);
                accessTokens.decode(user.accessToken());
            }
        });
        suite.check("rotation: tokens whose key is no longer served are refused", () -> {
            SpringApp.User before = login();
            Mock.rotateSigningKey(0);
            keys.clear();
            SpringApp.User after = login();
            Suite.equal(api(after.idToken()), "200 ethereum:" + wallet);
            Suite.equal(api(before.idToken()), "401 ");
            accessTokens.decode(after.accessToken());
            Suite.throwing(JwtException.class, () -> accessTokens.decode(before.accessToken()));
        });
        suite.finish();
    }

    /** Logs in to the application in a browser of its own, and returns what its page knows of the user. */
    private static SpringApp.User login() throws Exception {
        Browser browser = new Browser();
        URI page = browser.follow(site.resolve("/oauth2/authorization/picket"));
        browser.follow(browser.approve(page, wallet));
        HttpResponse<String> me = browser.open(site.resolve("/me"));
        Suite.equal(me.statusCode(), 200);
        return JsonMapper.shared().readValue(me.body(), SpringApp.User.class);
    }

    /** Calls the API of the application with a token, and returns the status and the body. */
    private static String api(String token) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(site.resolve("/api/me")).header("Authorization", "Bearer " + token).build();
        HttpResponse<String> response = HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
        return response.statusCode() + " " + response.body();
    }
}
