package dev.lariat.examples;

import static dev.lariat.Asyncio.*;
import static dev.lariat.net.Streams.*;

import dev.lariat.net.Connection;
import dev.lariat.net.Server;
import dev.lariat.net.StreamReader;
import dev.lariat.net.StreamWriter;
import dev.lariat.queue.Queue;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A chat: what one says, all others hear. Each client has a queue of what it is to be told, and two
 * tasks: one reads what the client says, the other writes from the queue, so a client that is slow
 * holds nobody else up.
 *
 * <p>One thread runs it all, so the map of clients needs no lock.
 */
class Chat {
  private final Map<String, Queue<String>> clients = new LinkedHashMap<>();

  static void main() {
    run(() -> program());
  }

  void serve(StreamReader reader, StreamWriter writer) throws IOException {
    String name = reader.readLine();
    if (name == null) {
      writer.close();
      return;
    }
    Queue<String> told = new Queue<>(100);
    clients.put(name, told);
    tellOthers(name, name + " has joined");
    var writing =
        createTask(() -> {
          while (true) {
            writer.write(told.get() + "\n");
          }
        });
    try (writer) {
      for (String line : reader) {
        tellOthers(name, name + ": " + line);
      }
    } finally {
      writing.cancel();
      clients.remove(name);
      tellOthers(name, name + " has left");
    }
  }

  private void tellOthers(String name, String what) {
    clients.forEach((other, queue) -> {
      if (!other.equals(name) && !queue.full()) { // who is a hundred lines behind misses some
        queue.putNowait(what);
      }
    });
  }

  static void program() throws IOException {
    Chat chat = new Chat();
    Server server = startServer(chat::serve, "127.0.0.1", 0);
    server.use(() -> {
      try (Connection alice = openConnection("127.0.0.1", server.port())) {
        alice.writer().write("Alice\n");
        try (Connection bob = openConnection("127.0.0.1", server.port())) {
          bob.writer().write("Bob\n");
          IO.println("Alice hears: " + alice.reader().readLine());
          alice.writer().write("Hello, Bob\n");
          IO.println("Bob hears: " + bob.reader().readLine());
        }
        IO.println("Alice hears: " + alice.reader().readLine());
      }
    });
  }
}
