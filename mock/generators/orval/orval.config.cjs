// The base URL is part of what orval makes. Without one, it makes relative URLs, which only a browser can resolve.
module.exports = {
  picket: {
    input: process.env.CONTRACT,
    output: { target: `${process.env.BUILD}/src/client/api.ts`, client: "fetch", baseUrl: process.env.PICKET_URL },
  },
};
