server.on("connection", (socket) => {
  // ruleid: socket-without-error-listener
  socket.on("message", (data) => receive(data));
  socket.on("close", () => clients.delete(socket));
});
function dial(port: number) {
  const clientSocket = connect(port, "127.0.0.1");
  // ruleid: socket-without-error-listener
  clientSocket.on("data", (bytes) => receive(bytes));
}
server.on("connection", (ws) => {
  // ok: socket-without-error-listener
  ws.on("message", (data) => receive(data));
  ws.on("error", () => ws.terminate());
});
function join(socket: WebSocket) {
  socket.on("error", () => socket.terminate());
  socket.on("close", () => clients.delete(socket));
  // ok: socket-without-error-listener
  socket.on("message", (data) => receive(data));
}
function collect(child: ChildProcess) {
  // ok: socket-without-error-listener
  child.stdout.on("data", (chunk) => (output += chunk));
}
