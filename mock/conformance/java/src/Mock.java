import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the suites know of the mock, and what they ask of it beyond the API. */
final class Mock {
    static final String ISSUER = System.getenv("PICKET_URL");
    static final String SECRET_KEY = System.getenv("PICKET_SECRET_KEY");
    static final String PUBLISHABLE_KEY = System.getenv("PICKET_PUBLISHABLE_KEY");

    /** The iss of access tokens. It is not the issuer of OpenID Connect. */
    static final String ACCESS_TOKEN_ISSUER = "picketapi.com";

    /** A token contract of which no wallet holds anything. */
    static final String CONTRACT = "0x1f9840a85d5aF5bf1D1762F925BDADdC4201F984";

    private static final HttpClient client = HttpClient.newHttpClient();

    private Mock() {}

    /** The address of a wallet on Ethereum that the login page offers. */
    static String testWallet() throws IOException, InterruptedException {
        Matcher address = Pattern.compile("\"address\":\"(0x[0-9A-Fa-f]{40})\"").matcher(control("GET", "wallets", ""));
        Suite.equal(address.find(), true);
        return address.group(1);
    }

    static void allowRedirectURI(URI uri) throws IOException, InterruptedException {
        control("POST", "redirectURIs", "{\"redirectURI\":\"" + uri + "\"}");
    }

    /** Signs with a new key from now on, and serves the key before it for a number of seconds. */
    static void rotateSigningKey(int keepSeconds) throws IOException, InterruptedException {
        control("POST", "signingKeys/rotate", "{\"keepSeconds\":" + keepSeconds + "}");
    }

    private static String control(String method, String path, String body) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(ISSUER).resolve("/_mock/" + path))
            .header("Content-Type", "application/json")
            .method(method, BodyPublishers.ofString(body))
            .build();
        HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
        if (response.statusCode() / 100 != 2) {
            throw new IOException(method + " /_mock/" + path + " answered " + response.statusCode() + " " + response.body());
        }
        return response.body();
    }
}
