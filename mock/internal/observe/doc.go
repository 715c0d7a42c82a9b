// Package observe notes what messages of an API look like: which names their objects have and how often, of which JSON types and
// formats the values are, which statuses, headers and media types there are, and which paths have no operation in the contract. What it
// notes can be written to a file, and files can be merged. Package learn compares them with the contract.
//
// # What is kept
//
// No value is kept that could be personal or secret. Of a string there is its length and whether it has a well-known format, of a number
// how many digits it has, and of a list how many items. Counts, and the days on which something was first and last seen, complete it. The exceptions
// are names and words, by these rules:
//
//   - A name of the contract is kept where the contract has it.
//   - Any other name of a property, a header or a parameter is kept if it looks like a name (IsName) and at least Shared messages have
//     it. A name that is a value anywhere is data, whatever its case, and so is every name of an object that the contract describes as a
//     map. So are names of which an object has many, each rarely. What is under such names is noted together, without them. Addresses,
//     IDs, domains and random text do not look like names.
//   - A string is kept only if it looks like a word (IsWord), at least Shared messages have it, and it is at a place where words
//     have a meaning for programs: where the contract has an enum, and in the properties code and error of an error. An error code must
//     not be a value elsewhere; a member of an enum may be, as a chain's type may also be its slug. So a new member of an enum and a new
//     error code are seen.
//   - A segment of a path that the contract does not have is kept if it looks like a word, at least Shared successful requests have it,
//     and it does not follow the plural of a word, or a word such as user, behind which there is an ID. Where more than MaxSiblings
//     words take turns, they are data. A path is not noted at all if one of its words is a value anywhere.
//   - A media type that is neither the contract's nor a usual one is kept under the conditions for names of headers.
//
// So a name gets into a file only if nothing tells it from one that a developer chose: a person's plain name in lower case that is the key
// of an object or the first segment of a path in many messages, and that is a value in none.
//
// Until Shared messages have it, a name or a word is in memory only. It is not in a file, and so is lost when the process ends.
//
// # What counts as a success
//
// Requests that the API refused say nothing about what it accepts, so only their answers are noted. Whether a redirect or a page refuses
// does not show in its status, and one that is not clearly a success counts as a refusal (Exchange.Refused).
//
// # Limits
//
// Names in an object, words at a place, statuses and paths are limited in number, and so is the whole. Where a limit is reached, those
// are kept that come first in alphabetical order, because then files can be merged in any order with the same result.
package observe
