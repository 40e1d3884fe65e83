package dev.lariat.examples.net;

import static dev.lariat.net.Streams.*;

import dev.lariat.net.Connection;
import dev.lariat.net.Server;
import dev.lariat.net.StreamReader;
import dev.lariat.net.StreamWriter;
import dev.lariat.sync.Event;
import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;

/**
 * A server that sends back what it gets, and a client that sends what is typed.
 *
 * <pre>{@code
 * async def handle_echo(reader, writer):
 *     data = await reader.read(100)
 *     writer.write(data)
 *     await writer.drain()
 *     writer.close()
 *
 * server = await asyncio.start_server(handle_echo, '127.0.0.1', 8888)
 * }</pre>
 *
 * <p>{@code write} waits by itself while the peer is slow; there is no {@code drain} to forget.
 *
 * <p>Run the server with {@code ./lariat demo echo [PORT]}, and the client with {@code ./lariat
 * demo echo HOST PORT}.
 */
final class Echo {
  private static final int USUAL_PORT = 7000;
  private static final int BLOCK = 16 * 1024;
  private static final Duration GRACE = Duration.ofSeconds(2);

  private Echo() {}

  static void main(String[] args) {
    Terminal.run(() -> {
      switch (args.length) {
        case 0 -> serve(USUAL_PORT);
        case 1 -> serve(Terminal.port(args[0]));
        case 2 -> talk(args[0], Terminal.port(args[1]));
        default -> throw new IllegalArgumentException("arguments: [PORT], or HOST PORT");
      }
    });
  }

  // -- the server --------------------------------------------------------------------------------

  static void serve(int port) throws IOException {
    Server server = startServer(Echo::echo, null, port);
    IO.println("Listening on port " + server.port() + "; Ctrl-C ends it");
    try {
      new Event().await(); // until it is cancelled
    } finally {
      server.close(GRACE); // those who are connected may finish
    }
  }

  static void echo(StreamReader reader, StreamWriter writer) {
    try (writer) {
      for (byte[] data = reader.read(BLOCK); data.length > 0; data = reader.read(BLOCK)) {
        writer.write(data);
      }
    } catch (IOException lost) {
      System.err.println(lost.getMessage() + ": " + writer);
    }
  }

  // -- the client --------------------------------------------------------------------------------

  static void talk(String host, int port) throws IOException {
    try (Connection server = openConnection(host, port)) {
      for (String line : Terminal.keyboard()) {
        server.writer().write(line + "\n");
        String answer = server.reader().readLine();
        if (answer == null) {
          throw new EOFException("the server has closed the connection");
        }
        IO.println(answer);
      }
    }
  }
}
