import java.io.IOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.web.util.HtmlUtils;

/** What a person with a browser does at the login page of the mock. The browser has cookies of its own. */
final class Browser {
    private static final Pattern FORM = Pattern.compile("<form method=\"post\" action=\"([^\"]*)\">");

    private final HttpClient client = HttpClient.newBuilder().cookieHandler(new CookieManager()).build();

    HttpResponse<String> open(URI url) throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(url).build(), BodyHandlers.ofString());
    }

    /** Opens a URL that is answered without a page, and returns where it leads. */
    URI follow(URI url) throws IOException, InterruptedException {
        return redirected(open(url));
    }

    /** Opens the login page at a URL and approves with a wallet, and returns where that leads. */
    URI approve(URI url, String wallet) throws IOException, InterruptedException {
        return decide(url, "decision=approve&wallet=" + URLEncoder.encode(wallet, StandardCharsets.UTF_8));
    }

    /** Opens the login page at a URL and denies, and returns where that leads. */
    URI deny(URI url) throws IOException, InterruptedException {
        return decide(url, "decision=deny");
    }

    private URI decide(URI url, String decision) throws IOException, InterruptedException {
        HttpResponse<String> page = open(url);
        Matcher form = FORM.matcher(page.body());
        if (page.statusCode() != 200 || !form.find()) {
            throw new AssertionError("no login page, but " + page.statusCode() + " " + page.body());
        }
        HttpRequest submit = HttpRequest.newBuilder(url.resolve(HtmlUtils.htmlUnescape(form.group(1))))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString(decision))
            .build();
        return redirected(client.send(submit, BodyHandlers.ofString()));
    }

    private static URI redirected(HttpResponse<String> response) {
        if (response.statusCode() != 302) {
            throw new AssertionError("no redirect, but " + response.statusCode() + " " + response.body());
        }
        return response.uri().resolve(response.headers().firstValue("Location").orElseThrow());
    }
}
