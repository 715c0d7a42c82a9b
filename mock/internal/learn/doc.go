// Package learn proposes how openapi.yaml should change, so that it describes what was observed of the API (package observe). It changes
// nothing by itself: each Proposal says what it is, what it was seen from, and can be applied to the text of the document, which
// otherwise stays as it is.
//
// # What is proposed
//
// In general, one message is enough to show that something can happen, and no number of them shows that something cannot. So a proposal
// only ever allows more, and what was merely not seen stays. In particular:
//
//   - A property of a response that the contract does not have is added, with its type, and with the format date-time, date, uuid, email
//     or uri if every string had it. It becomes required if it was in every one of at least Enough objects, and each operation that answers
//     with such objects was among those that were seen.
//   - A property of a request is added as an optional one if successful requests had it, unless successful requests also had names that
//     cannot be properties: then the API ignores what it does not know. The same holds for parameters in the query.
//   - A required property is no longer required once it was missing in one object, whether it was renamed, dropped or is rare.
//   - A value that was null becomes nullable. A value of another type than the contract has keeps its type, and the other one becomes
//     x-also-accepts, because the clients of most generators cannot read two types.
//   - A status, a header, a media type, a member of an enum, an error code, and a parameter in the query are added. A header is never
//     required, because what stands before the API may have added it. A parameter is added if the operation can refuse parameters and
//     did not.
//   - A path is added if requests for it were successful. Segments that are data become parameters, and schemas are made of what was
//     seen. What every operation of the contract has is added as well: an error for a wrong request, and one for a missing key.
//
// What contradicts the contract in another way, such as a string that is too long or does not match its pattern, is left to a person:
// see Result.Contradictions. So is what is ambiguous.
//
// # Maps
//
// An object whose names are data is a map and becomes additionalProperties. Names are data if they look like addresses, IDs or other
// values (package observe), and if there are at least eight of them, of which each is in fewer than half of the objects, with values of one
// type.
// Until that is sure, an object is a record.
//
// # Other tools
//
// GenSON (https://pypi.org/project/genson) makes the strictest schema that all values match: what was in every object is required, from
// the first one on, and two types become anyOf. quicktype (https://blog.quicktype.io/markov/) also infers enums, and tells maps from
// records by how their names are spelt, if all values have one type. Optic (https://github.com/opticdev/optic), whose proxy also changed an
// OpenAPI description to what passed by, is archived. This package takes from them to ask for names that look like data and values of one
// type before it sees a map. It asks for more before it demands something, and infers no enum and no bound: such a guess is right until
// a value arrives that nobody has seen yet, and then clients refuse it.
package learn
