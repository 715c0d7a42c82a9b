package diff

import "regexp"

var (
	// untold are findings of oasdiff that are not printed: CHANGELOG.md decides which version may break things, and security.go compares
	// what operations need.
	untold = regexp.MustCompile(`^api-(major-)?version-|^api-(global-)?security-(added|removed|scope-\w+)$|^api-security-anonymous-access-`)

	// breaks are findings that oasdiff calls compatible, and that are not. The names of operations, tags and schemas are names in generated
	// clients, and what is deprecated still has users. Optional properties and headers have readers. A default says what happens without a
	// value.
	breaks = regexp.MustCompile(`^api-(operation-id|tag|schema|security-component-oauth-scope)-removed$|-removed-with-deprecation$` +
		`|^(response-optional-property|optional-response-header)-removed$|^request-.*-default-value-(changed|removed)$` +
		`|-discriminator-(removed|property-name-changed|mapping-(deleted|changed))$`)
)
