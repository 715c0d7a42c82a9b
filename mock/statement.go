package mock

import (
	"errors"
	"fmt"
	"strings"

	"github.com/seed-a13ee279/picket/mock/internal/names"
)

// DefaultStatement is the sentence that wallets show to their users, in English, when no option sets another.
const DefaultStatement = "Sign in with your wallet. This costs nothing and sends no transaction."

// defaultStatements returns DefaultStatement in the languages that the mock knows, by BCP 47 tag in lower case.
func defaultStatements() map[string]string {
	return map[string]string{
		"":   DefaultStatement,
		"de": "Melde dich mit deiner Wallet an. Das kostet nichts und sendet keine Transaktion.",
		"es": "Inicia sesión con tu billetera. No cuesta nada y no envía ninguna transacción.",
		"fr": "Connectez-vous avec votre portefeuille. Cela ne coûte rien et n'envoie aucune transaction.",
		"it": "Accedi con il tuo portafoglio. Non costa nulla e non invia alcuna transazione.",
		"ja": "ウォレットでサインインします。費用はかからず、トランザクションは送信されません。",
		"pt": "Entre com a sua carteira. Não custa nada e não envia nenhuma transação.",
		"zh": "使用您的钱包登录。这是免费的，且不会发送任何交易。",
	}
}

// findStatement returns the statement in the language that is nearest to locale: pt-BR, then pt, then the one without a
// language (RFC 4647 section 3.4).
func findStatement(statements map[string]string, locale string) string {
	for tag := strings.ToLower(locale); ; {
		if statement, ok := statements[tag]; ok {
			return statement
		}
		i := strings.LastIndexByte(tag, '-')
		tag = tag[:max(i, 0)]
	}
}

// checkStatements returns statements with their tags in lower case.
func checkStatements(statements map[string]string) (map[string]string, error) {
	checked := map[string]string{}
	for tag, statement := range statements {
		if statement == "" || strings.ContainsAny(statement, "\r\n") {
			return nil, fmt.Errorf(`"%s" is not one line`, names.Answered(statement))
		}
		checked[strings.ToLower(tag)] = statement
	}
	if checked[""] == "" {
		return nil, errors.New(`there is none for "", every other language`)
	}
	return checked, nil
}
