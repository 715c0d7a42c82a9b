import java.math.BigInteger
import java.security.KeyPairGenerator
import java.security.Signature
import org.web3j.crypto.Keys
import org.web3j.crypto.Sign
import org.web3j.utils.Numeric

/** A wallet with a new key. */
class Wallet(val chain: String, val address: String, private val signer: (ByteArray) -> String) {
    fun sign(message: String) = signer(message.toByteArray())

    companion object {
        fun ethereum(): Wallet {
            val key = Keys.createEcKeyPair()
            return Wallet("ethereum", Keys.toChecksumAddress(Keys.getAddress(key))) { message ->
                val signature = Sign.signPrefixedMessage(message, key) // EIP-191
                Numeric.toHexString(signature.r + signature.s + signature.v)
            }
        }

        fun solana(): Wallet {
            val key = KeyPairGenerator.getInstance("Ed25519").generateKeyPair()
            val publicKey = key.public.encoded.takeLast(32).toByteArray() // the encoding ends with the key
            return Wallet("solana", base58(publicKey)) { message ->
                val signature = Signature.getInstance("Ed25519")
                signature.initSign(key.private)
                signature.update(message)
                base58(signature.sign())
            }
        }

        private fun base58(data: ByteArray): String {
            val digits = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
            val values = generateSequence(BigInteger(1, data)) { it / 58.toBigInteger() }.takeWhile { it.signum() > 0 }
            val zeros = data.takeWhile { it == 0.toByte() }.map { digits[0] }
            return (values.map { digits[(it % 58.toBigInteger()).toInt()] } + zeros).joinToString("").reversed()
        }
    }
}
