package tenant

import (
	"errors"
	"fmt"
	"strings"

	"github.com/seed-a13ee279/picket/mock/internal/names"
)

// defaultStatement is the sentence that wallets show to their users, in English.
const defaultStatement = "Sign in with your wallet. This costs nothing and sends no transaction."

// defaultStatements returns defaultStatement in the languages that the mock knows, by BCP 47 tag in lower case. They keep to ASCII, because
// that is what EIP-4361's grammar allows in a statement, and parsers of messages refuse everything else.
func defaultStatements() map[string]string {
	return map[string]string{
		"":   defaultStatement,
		"de": "Melde dich mit deiner Wallet an. Das kostet nichts und sendet keine Transaktion.",
		"es": "Entra con tu billetera. No cuesta nada y no se manda nada.",
		"fr": "Connectez-vous avec votre portefeuille. C'est gratuit, et aucune transaction n'est faite.",
		"it": "Accedi con il tuo portafoglio. Non costa nulla e non invia alcuna transazione.",
		"pt": "Entre com a sua carteira. Nada custa, e nada se envia.",
	}
}

// Statement returns the statement in the language that is nearest to locale: pt-BR, then pt, then the one without a
// language (RFC 4647 section 3.4).
func (s Settings) Statement(locale string) string {
	for tag := strings.ToLower(locale); ; {
		if statement, ok := s.Statements[tag]; ok {
			return statement
		}
		i := strings.LastIndexByte(tag, '-')
		tag = tag[:max(i, 0)]
	}
}

// SetStatements sets the sentence that wallets show to their users, by language.
func (s *Settings) SetStatements(statements map[string]string) error {
	set := map[string]string{}
	for tag, statement := range statements {
		if statement == "" || strings.ContainsAny(statement, "\r\n") {
			return fmt.Errorf(`"%s" is not one line`, names.Answered(statement))
		}
		tag = strings.ToLower(tag)
		if set[tag] != "" {
			return fmt.Errorf(`there are two for "%s", where upper and lower case are the same`, names.Shown(tag))
		}
		set[tag] = statement
	}
	if set[""] == "" {
		return errors.New(`there is none for "", which stands for every other language`)
	}
	s.Statements = set
	return nil
}
