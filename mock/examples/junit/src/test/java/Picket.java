import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.web3j.crypto.ECKeyPair;
import org.web3j.crypto.Keys;
import org.web3j.crypto.Sign;
import org.web3j.utils.Numeric;

/** Starts picket-mock for a run of tests, gives each test a project of its own, and shows the journal of a test that fails. */
final class Picket implements BeforeEachCallback, AfterEachCallback {
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final ObjectMapper JSON = new ObjectMapper();

    /** The base URL and the secret key of the project. Give them to the application under test. */
    String url;
    String secretKey = "";

    record Answer(int status, JsonNode body) {}

    @Override
    public void beforeEach(ExtensionContext context) throws Exception {
        var store = context.getRoot().getStore(ExtensionContext.Namespace.GLOBAL);
        url = store.getOrComputeIfAbsent(Mock.class, key -> Mock.start(), Mock.class).url();
        control("GET", "health", null);
        secretKey = control("POST", "projects", Map.of()).path("secretKey").asText();
    }

    @Override
    public void afterEach(ExtensionContext context) throws Exception {
        if (context.getExecutionException().isPresent()) {
            System.err.println("what picket-mock was asked: " + control("GET", "journal", null).toPrettyString());
        }
    }

    /** Calls the API, as the application does. */
    Answer call(String operation, Map<String, ?> body) throws Exception {
        return send("POST", url + "/" + operation, body);
    }

    /** Controls the project. */
    JsonNode control(String method, String operation, Map<String, ?> body) throws Exception {
        Answer answer = send(method, URI.create(url).resolve("/_mock/" + operation).toString(), body);
        if (answer.status() >= 400) {
            throw new IOException(method + " " + operation + ": " + answer.body());
        }
        return answer.body();
    }

    /** Logs a wallet in, and returns its access token. */
    String logIn(ECKeyPair wallet) throws Exception {
        JsonNode nonce = call("auth/nonce", Map.of("walletAddress", address(wallet))).body();
        String message = "%s\n\nAddress: %s\nNonce: %s"
            .formatted(nonce.path("statement").asText(), address(wallet), nonce.path("nonce").asText());
        Sign.SignatureData signed = Sign.signPrefixedMessage(message.getBytes(), wallet);
        String signature = Numeric.toHexString(signed.getR())
            + Numeric.toHexStringNoPrefix(signed.getS())
            + Numeric.toHexStringNoPrefix(signed.getV());
        Answer auth = call("auth", Map.of("walletAddress", address(wallet), "signature", signature));
        return auth.body().path("accessToken").asText();
    }

    static String address(ECKeyPair wallet) {
        return Keys.toChecksumAddress(Keys.getAddress(wallet));
    }

    private Answer send(String method, String url, Map<String, ?> body) throws Exception {
        var request = HttpRequest.newBuilder(URI.create(url)).header("Content-Type", "application/json");
        if (!secretKey.isEmpty()) {
            request.header("Authorization", "Basic " + Base64.getEncoder().encodeToString((secretKey + ":").getBytes()));
        }
        request.method(method, HttpRequest.BodyPublishers.ofString(body == null ? "" : JSON.writeValueAsString(body)));
        HttpResponse<String> response = CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
        return new Answer(response.statusCode(), JSON.readTree(response.body()));
    }

    /** The program, which JUnit stops after the last test of the run. */
    private record Mock(Process process, String url) implements AutoCloseable {
        static Mock start() {
            try {
                Process process = new ProcessBuilder("picket-mock", "-addr", "127.0.0.1:0")
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
                String line = process.inputReader().readLine(); // the first line ends with the base URL
                return new Mock(process, line.substring(line.lastIndexOf(' ') + 1));
            } catch (IOException exception) {
                throw new UncheckedIOException(exception);
            }
        }

        @Override
        public void close() {
            process.destroy();
        }
    }
}
