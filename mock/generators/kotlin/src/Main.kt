// Calls the API with the client that OpenAPI Generator's kotlin makes.

import java.net.URI
import java.net.http.HttpClient
import java.net.http.HttpRequest
import java.net.http.HttpResponse
import kotlin.system.exitProcess
import okhttp3.Credentials
import org.openapitools.client.apis.AuthenticationApi
import org.openapitools.client.apis.OAuth20Api
import org.openapitools.client.apis.WalletsApi
import org.openapitools.client.infrastructure.ApiClient
import org.openapitools.client.infrastructure.ClientError
import org.openapitools.client.infrastructure.ClientException
import org.openapitools.client.infrastructure.Serializer
import org.openapitools.client.models.AuthRequest
import org.openapitools.client.models.AuthResponse
import org.openapitools.client.models.AuthzRequest
import org.openapitools.client.models.ErrorResponse
import org.openapitools.client.models.NonceRequest
import org.openapitools.client.models.Requirements
import org.openapitools.client.models.TokenOwnershipRequest
import org.openapitools.client.models.ValidateRequest

const val TOKEN = "0x1f9840a85d5aF5bf1D1762F925BDADdC4201F984"
const val FAILED = 3 // an exit status that Java does not use for a crash

val url: String = System.getenv("PICKET_URL")
val secretKey: String = System.getenv("PICKET_SECRET_KEY")
val authentication = AuthenticationApi(url)
val wallets = WalletsApi(url)
val oauth = OAuth20Api(url)
var status = 0

fun main() {
    ApiClient.username = secretKey
    ApiClient.password = ""

    check("logs in with a wallet") {
        val wallet = Wallet.ethereum()
        logIn(wallet, Requirements()) // nobody would get in if an absent list were sent as an empty one
        val auth = logIn(wallet)
        equal(auth.user.walletAddress, wallet.address)
        val claims = authentication.validate(ValidateRequest(auth.accessToken))
        equal(claims.sub, "ethereum:${wallet.address}")
        equal(claims.exp - claims.iat, 12 * 60 * 60L)
    }
    check("passes a gate") {
        val wallet = Wallet.ethereum()
        setBalance(wallet, "contractAddress", TOKEN, "2.5")
        val auth = logIn(wallet, Requirements(contractAddress = TOKEN, minTokenBalance = "2.5"))
        equal(auth.user.tokenBalances?.contractAddress, mapOf(TOKEN to "2.5"))
    }
    check("is refused at a gate") {
        val wallet = Wallet.ethereum()
        setBalance(wallet, "contractAddress", TOKEN, "2.4")
        refused { logIn(wallet, Requirements(contractAddress = TOKEN, minTokenBalance = "2.5")) }
    }
    check("asks for one collection and for several") {
        val wallet = Wallet.solana()
        setBalance(wallet, "collection", "CATS", "1")
        logIn(wallet, Requirements(collection = listOf("CATS")))
        refused { logIn(wallet, Requirements(collection = listOf("DOGS"))) }
        val both = Requirements(collection = listOf("CATS", "DOGS"), minTokenBalance = "2")
        refused { logIn(wallet, both) }
        setBalance(wallet, "collection", "DOGS", "1")
        logIn(wallet, both)
    }
    check("opens a gate later") {
        val wallet = Wallet.ethereum()
        val before = logIn(wallet)
        val gate = AuthzRequest(before.accessToken, Requirements(contractAddress = TOKEN), revalidate = true)
        refused { authentication.authz(gate) }
        setBalance(wallet, "contractAddress", TOKEN, "1")
        val after = authentication.authz(gate)
        equal(after.accessToken == before.accessToken, false)
        equal(after.user.tokenBalances?.contractAddress, mapOf(TOKEN to "1"))
    }
    check("checks ownership") {
        val wallet = Wallet.ethereum()
        val tokens = TokenOwnershipRequest(contractAddress = TOKEN, minTokenBalance = "2.5")
        equal(wallets.tokenOwnership(wallet.chain, wallet.address, tokens).allowed, false)
        setBalance(wallet, "contractAddress", TOKEN, "2.5")
        val ownership = wallets.tokenOwnership(wallet.chain, wallet.address, tokens)
        equal(ownership.allowed to ownership.tokenBalance, true to "2.5")
    }
    check("exchanges a grant") {
        val wallet = Wallet.ethereum()
        val token = oauth.token("password", username = wallet.address, password = sign(wallet))
        equal(token.tokenType, "Bearer")
        equal(authentication.validate(ValidateRequest(token.accessToken)).walletAddress, wallet.address)
    }
    exitProcess(status) // without waiting for idle connections to close
}

fun sign(wallet: Wallet): String {
    val nonce = authentication.nonce(NonceRequest(wallet.address, wallet.chain))
    return wallet.sign("${nonce.statement}\n\nAddress: ${wallet.address}\nNonce: ${nonce.nonce}")
}

fun logIn(wallet: Wallet, requirements: Requirements? = null): AuthResponse =
    authentication.auth(AuthRequest(wallet.address, sign(wallet), wallet.chain, requirements))

fun refused(call: () -> Unit) {
    try {
        call()
    } catch (exception: ClientException) {
        equal(exception.statusCode, 403)
        val body = (exception.response as ClientError<*>).body as String
        equal(Serializer.moshi.adapter(ErrorResponse::class.java).fromJson(body)?.code, "permission_denied")
        return
    }
    throw AssertionError("the gate let the wallet in")
}

/** Sets how much of a token the mock says that the wallet holds. */
fun setBalance(wallet: Wallet, kind: String, name: String, balance: String) {
    val body = """{"chain":"${wallet.chain}","walletAddress":"${wallet.address}","$kind":"$name","balance":"$balance"}"""
    val request = HttpRequest.newBuilder(URI(System.getenv("PICKET_CONTROL_URL") + "/balances"))
        .header("Authorization", Credentials.basic(secretKey, ""))
        .header("Content-Type", "application/json")
        .PUT(HttpRequest.BodyPublishers.ofString(body))
        .build()
    equal(HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()).statusCode(), 204)
}

fun check(title: String, run: () -> Unit) {
    try {
        run()
        println("ok   kotlin  $title")
    } catch (error: Throwable) { // a check that fails does not end the others
        println("FAIL kotlin  $title: ${error.toString().replace(Regex("\\s+"), " ").take(400)}")
        status = FAILED
    }
}

fun equal(got: Any?, want: Any?) {
    if (got != want) throw AssertionError("got $got, want $want")
}
