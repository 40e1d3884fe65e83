package dev.lariat.examples;

import static dev.lariat.Asyncio.*;
import static dev.lariat.net.Streams.*;

import dev.lariat.net.Connection;
import dev.lariat.net.Server;
import dev.lariat.net.StreamReader;
import dev.lariat.net.StreamWriter;
import java.io.IOException;

/**
 * A server that sends back what it gets, and a client.
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
 * <p>{@code write} waits by itself while the client is slow; there is no {@code drain} to forget.
 */
class Echo {
  static void main() {
    run(() -> program());
  }

  static void echo(StreamReader reader, StreamWriter writer) throws IOException {
    try (writer) {
      for (byte[] data = reader.read(100); data.length > 0; data = reader.read(100)) {
        writer.write(data);
      }
    }
  }

  static void program() throws IOException {
    Server server = startServer(Echo::echo, "127.0.0.1", 0);
    server.use(() -> {
      try (Connection connection = openConnection("127.0.0.1", server.port())) {
        connection.writer().write("Hello World!\n");
        IO.println("received: " + connection.reader().readLine());
      }
    });
    IO.println("closed");
  }
}
