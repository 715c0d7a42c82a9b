package yamledit_test

import (
	"fmt"

	"go.yaml.in/yaml/v3"

	"github.com/seed-a13ee279/picket/mock/internal/yamledit"
)

func Example() {
	d, err := yamledit.Parse([]byte(`# What a toy is.
Toy:
  required: [name]  # and nothing else

  properties:
    name: {type: string}
`))
	if err != nil {
		panic(err)
	}
	color := &yaml.Node{Kind: yaml.MappingNode, Content: []*yaml.Node{
		{Kind: yaml.ScalarNode, Value: "type"}, {Kind: yaml.ScalarNode, Value: "string"},
		{Kind: yaml.ScalarNode, Value: "description"}, {Kind: yaml.ScalarNode, Value: "Its color.\n", Style: yaml.LiteralStyle},
	}}
	if err := d.Add("/Toy/properties", "color", color, ""); err != nil {
		panic(err)
	}
	if err := d.Append("/Toy/required", &yaml.Node{Kind: yaml.ScalarNode, Value: "color"}); err != nil {
		panic(err)
	}
	fmt.Print(string(d.Bytes()))
	// Output:
	// # What a toy is.
	// Toy:
	//   required: [name, color]  # and nothing else
	//
	//   properties:
	//     name: {type: string}
	//     color:
	//       type: string
	//       description: |
	//         Its color.
}
