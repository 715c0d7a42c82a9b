import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.Arrays;
import org.web3j.crypto.ECKeyPair;
import org.web3j.crypto.Keys;
import org.web3j.crypto.Sign;
import org.web3j.utils.Numeric;

/** A wallet with a new key. */
record Wallet(String chain, String address, Signer signer) {
    interface Signer {
        String sign(byte[] message) throws GeneralSecurityException;
    }

    static Wallet ethereum() throws GeneralSecurityException {
        ECKeyPair key = Keys.createEcKeyPair();
        return new Wallet("ethereum", Keys.toChecksumAddress(Keys.getAddress(key)), message -> {
            Sign.SignatureData signature = Sign.signPrefixedMessage(message, key); // EIP-191
            return Numeric.toHexString(signature.getR())
                + Numeric.toHexStringNoPrefix(signature.getS())
                + Numeric.toHexStringNoPrefix(signature.getV());
        });
    }

    static Wallet solana() throws GeneralSecurityException {
        KeyPair key = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        byte[] encoded = key.getPublic().getEncoded(); // which ends with the 32 bytes of the key
        return new Wallet("solana", base58(Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length)), message -> {
            Signature signature = Signature.getInstance("Ed25519");
            signature.initSign(key.getPrivate());
            signature.update(message);
            return base58(signature.sign());
        });
    }

    String sign(String message) throws GeneralSecurityException {
        return signer.sign(message.getBytes(StandardCharsets.UTF_8));
    }

    private static String base58(byte[] data) {
        String digits = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
        StringBuilder text = new StringBuilder();
        BigInteger base = BigInteger.valueOf(58);
        for (BigInteger rest = new BigInteger(1, data); rest.signum() > 0; rest = rest.divide(base)) {
            text.append(digits.charAt(rest.mod(base).intValue()));
        }
        for (int i = 0; i < data.length && data[i] == 0; i++) {
            text.append(digits.charAt(0));
        }
        return text.reverse().toString();
    }
}
