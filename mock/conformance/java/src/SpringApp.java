import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.core.annotation.Order;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClient;
import org.springframework.security.oauth2.client.annotation.RegisteredOAuth2AuthorizedClient;
import org.springframework.security.oauth2.client.oidc.authentication.OidcIdTokenDecoderFactory;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.client.registration.ClientRegistrationRepository;
import org.springframework.security.oauth2.client.web.DefaultOAuth2AuthorizationRequestResolver;
import org.springframework.security.oauth2.client.web.OAuth2AuthorizationRequestRedirectFilter;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.oauth2.core.endpoint.OAuth2ParameterNames;
import org.springframework.security.oauth2.core.oidc.user.OidcUser;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtDecoderFactory;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** A web application of Spring Boot: its pages log users in, and its API under /api takes ID tokens. */
@EnableAutoConfiguration
@RestController
class SpringApp {
    /** Starts the application on a free port. It has two clients: picket, and club, which asks for tokens. */
    static ServletWebServerApplicationContext start() {
        Map<String, Object> properties = new HashMap<>(Map.of(
            "server.address", "127.0.0.1",
            "server.port", 0,
            "spring.main.banner-mode", "off",
            "logging.level.root", "error",
            "spring.security.oauth2.client.provider.picket.issuer-uri", Mock.ISSUER,
            "spring.security.oauth2.resourceserver.jwt.issuer-uri", Mock.ISSUER,
            "spring.security.oauth2.resourceserver.jwt.audiences", Mock.PUBLISHABLE_KEY));
        for (String client : List.of("picket", "club")) {
            String prefix = "spring.security.oauth2.client.registration." + client + ".";
            properties.put(prefix + "provider", "picket");
            properties.put(prefix + "client-id", Mock.PUBLISHABLE_KEY);
            properties.put(prefix + "client-secret", Mock.SECRET_KEY);
            properties.put(prefix + "scope", "openid,email");
        }
        SpringApplication application = new SpringApplication(SpringApp.class);
        application.setDefaultProperties(properties);
        return (ServletWebServerApplicationContext) application.run();
    }

    @Bean
    @Order(1)
    SecurityFilterChain api(HttpSecurity http) {
        return http
            .securityMatcher("/api/**")
            .authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
            .oauth2ResourceServer(server -> server.jwt(Customizer.withDefaults()))
            .build();
    }

    @Bean
    @Order(2)
    SecurityFilterChain pages(HttpSecurity http, ClientRegistrationRepository clients) {
        var resolver = new DefaultOAuth2AuthorizationRequestResolver(
            clients, OAuth2AuthorizationRequestRedirectFilter.DEFAULT_AUTHORIZATION_REQUEST_BASE_URI);
        resolver.setAuthorizationRequestCustomizer(request -> request.attributes(attributes -> {
            if (attributes.get(OAuth2ParameterNames.REGISTRATION_ID).equals("club")) {
                request.additionalParameters(Map.of("contractAddress", Mock.CONTRACT, "minTokenBalance", "1000000"));
            }
        }));
        return http
            .authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
            .oauth2Login(login -> login
                .authorizationEndpoint(endpoint -> endpoint.authorizationRequestResolver(resolver))
                .failureHandler((request, response, exception) -> {
                    response.setStatus(403);
                    response.getWriter().print(((OAuth2AuthenticationException) exception).getError().getErrorCode());
                }))
            .build();
    }

    /** The algorithm of ID tokens has to be named if it is not RS256. */
    @Bean
    JwtDecoderFactory<ClientRegistration> idTokens() {
        OidcIdTokenDecoderFactory factory = new OidcIdTokenDecoderFactory();
        factory.setJwsAlgorithmResolver(client -> SignatureAlgorithm.ES256);
        return factory;
    }

    /** What a page knows of its user. */
    record User(String subject, String walletAddress, String idToken, String accessToken) {}

    @GetMapping("/me")
    User me(@AuthenticationPrincipal OidcUser user, @RegisteredOAuth2AuthorizedClient OAuth2AuthorizedClient client) {
        return new User(
            user.getSubject(),
            user.getUserInfo().getClaimAsString("walletAddress"),
            user.getIdToken().getTokenValue(),
            client.getAccessToken().getTokenValue());
    }

    @GetMapping("/api/me")
    String me(@AuthenticationPrincipal Jwt token) {
        return token.getSubject();
    }
}
