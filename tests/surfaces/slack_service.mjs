// Serves the Slack of `emulate` on a free port until stdin ends. Prints its URL.
import { createServer } from "node:net";

import { createEmulator } from "emulate";

const port = await new Promise((resolve) => {
  const server = createServer().listen(0, "127.0.0.1", () => {
    const { port } = server.address();
    server.close(() => resolve(port));
  });
});
const slack = await createEmulator({ service: "slack", port });
console.log(`http://127.0.0.1:${port}`);
process.stdin.resume().on("end", () => slack.close());
