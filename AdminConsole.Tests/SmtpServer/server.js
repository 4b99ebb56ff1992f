// A real mail server that keeps nothing: each message it took is one line of JSON on standard output.
import { readFileSync } from "node:fs";
import { SMTPServer } from "smtp-server";

const { port, secure, startTls, certificate, methods, user, password, token, refuse } = JSON.parse(process.argv[2]);
const server = new SMTPServer({
  secure: !!secure,
  ...(certificate ? { key: readFileSync(`${certificate}.key`), cert: readFileSync(`${certificate}.crt`) } : {}),
  disabledCommands: [...(startTls ? [] : ["STARTTLS"]), ...(user ? [] : ["AUTH"])],
  authMethods: methods ?? ["PLAIN", "LOGIN"],
  authOptional: !user,
  onAuth(auth, session, callback) {
    if (auth.method === "XOAUTH2") {
      return callback(null, auth.username === user && auth.accessToken === token ? { user } : { data: { status: "401", schemes: "bearer" } });
    }
    auth.username === user && auth.password === password ? callback(null, { user }) : callback(new Error("Invalid username or password"));
  },
  onRcptTo(address, session, callback) {
    if (refuse && address.address.startsWith(refuse)) {
      const error = new Error("No such mailbox");
      error.responseCode = 550;
      return callback(error);
    }
    callback();
  },
  onData(stream, session, callback) {
    const chunks = [];
    stream.on("data", (chunk) => chunks.push(chunk));
    stream.on("end", () => {
      const to = session.envelope.rcptTo.map((recipient) => recipient.address);
      process.stdout.write(JSON.stringify({ to, from: session.envelope.mailFrom.address, secure: !!session.secure, user: session.user ?? null, message: Buffer.concat(chunks).toString() }) + "\n", () => callback());
    });
  },
});
server.on("error", () => {});
server.listen(port, "127.0.0.1", () => process.stdout.write(JSON.stringify({ listening: server.server.address().port }) + "\n"));
