package dev.lariat.examples.chat;

import static dev.lariat.Asyncio.*;
import static dev.lariat.net.Streams.*;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lariat.Action;
import dev.lariat.examples.Program;
import dev.lariat.net.Connection;
import dev.lariat.net.Server;
import dev.lariat.net.ServerOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ChatTest {
  private static Program user(String name, int port) throws IOException {
    return Program.start(ChatTerminal.class, name, "localhost", "" + port);
  }

  @Test
  @DisplayName(
      "STR-1 users at terminals talk in rooms, and vanish; Ctrl-C ends the server in order")
  void terminals() throws Exception {
    try (Program server = Program.start(ChatServer.class, "0")) {
      int port = server.awaitNumber("port ");
      try (Program alice = user("Alice", port);
          Program bob = user("Bob", port)) {
        alice.awaitLine("(This is lobby, with Bob, Alice|Bob is here)$");
        bob.awaitLine("(This is lobby, with Alice, Bob|Alice is here)$");
        alice.type("/join java");
        bob.awaitLine("^\\* Alice has gone to java$");
        bob.type("/rooms");
        bob.awaitLine("^\\* Rooms: java, lobby$");
        bob.type("/join java");
        alice.awaitLine("^\\* Bob is here$");
        alice.type("Hello, Bob");
        bob.awaitLine("^Alice: Hello, Bob$");
        bob.type("/who");
        bob.awaitLine("^\\* Here: Alice, Bob$");
        bob.type("Bye");
        bob.endInput(); // as Ctrl-D
        alice.awaitLine("^Bob: Bye$");
        alice.awaitLine("^\\* Bob has left$");
        assertThat(bob.awaitEnd()).isZero();
        assertThat(bob.lines()).contains("* Good-bye").doesNotContain("Bob: Bye");

        try (Program carol = user("Carol", port)) {
          carol.type("/join java");
          alice.awaitLine("^\\* Carol is here$");
          carol.signal("KILL");
          alice.awaitLine("^\\* Carol has (left|vanished)$");
        }

        server.typeCtrlC();
        alice.awaitLine("^\\* The server ends. Good-bye$");
        assertThat(server.awaitEnd()).isEqualTo(130);
        alice.awaitLine("^\\* The connection has ended$");
        alice.awaitLine("^\\* Next attempt in 1 s$");
        alice.type("/who"); // waits for a connection
        try (Program next = Program.start(ChatServer.class, "" + port)) {
          alice.awaitLine("^\\* Here: Alice$");
          next.signal("TERM");
          alice.awaitLine("^\\* Next attempt in 1 s$");
        }
        alice.typeCtrlC();
        assertThat(alice.awaitEnd()).isEqualTo(130);
      }
      assertThat(server.lines()).as("nothing but the greeting").hasSize(1);
    }
  }

  /** A chat that slows nobody down, and connections to it. */
  private interface Use {
    void with(int port) throws IOException;
  }

  private static void chat(Use use) {
    Action program =
        () -> {
          ChatServer chat = new ChatServer(Duration.ZERO);
          Server server =
              startServer(chat::welcome, "127.0.0.1", 0, ServerOptions.DEFAULT.withLimit(1000));
          server.use(() -> use.with(server.port()));
        };
    run(program);
  }

  private static Connection connect(int port, String name) throws IOException {
    Connection connection = openConnection("127.0.0.1", port);
    say(connection, name);
    hear(connection, "* This is lobby");
    return connection;
  }

  private static void say(Connection connection, String line) throws IOException {
    connection.writer().write(line + "\n");
  }

  /** Waits for a line that begins so. */
  private static String hear(Connection connection, String start) throws IOException {
    for (String line : connection.reader()) {
      if (line.startsWith(start)) {
        return line;
      }
    }
    throw new AssertionError("the connection has ended without: " + start);
  }

  @Test
  @DisplayName("names are checked, and one of a kind")
  void names() {
    chat(port -> {
      try (Connection alice = connect(port, "Alice");
          Connection other = openConnection("127.0.0.1", port)) {
        say(other, "no spaces, please");
        hear(other, "* A name is 1 to 20 letters");
        say(other, "Alice");
        hear(other, "* There is a Alice already");
        say(other, "Bob");
        hear(other, "* Hello, Bob.");
        hear(alice, "* Bob is here");
      }
    });
  }

  @Test
  @DisplayName("commands; what would upset a terminal is not passed on")
  void commands() {
    chat(port -> {
      try (Connection alice = connect(port, "Alice");
          Connection bob = connect(port, "Bob")) {
        say(alice, "/dance");
        hear(alice, "* I know /join ROOM");
        say(alice, "/join two words");
        hear(alice, "* A room is");
        say(alice, "/join java");
        assertThat(hear(alice, "* This is ")).isEqualTo("* This is java, with Alice");
        say(alice, "/leave");
        hear(alice, "* This is lobby");
        say(alice, "\u001b[31mred\u0007");
        assertThat(hear(bob, "Alice: ")).isEqualTo("Alice: [31mred");
        say(alice, "/quit");
        hear(alice, "* Good-bye");
        assertThat(alice.reader().readLine()).isNull();
        hear(bob, "* Alice has left");
      }
    });
  }

  @Test
  @DisplayName("STR-4 who sends a line without end is disconnected")
  void endlessLine() {
    chat(port -> {
      try (Connection alice = connect(port, "Alice")) {
        Connection bob = connect(port, "Bob");
        bob.writer().write("x".repeat(5000));
        hear(alice, "* Bob talked too much");
        bob.writer().transport().abort(); // closing would tell of the server's reset
      }
    });
  }

  @Test
  @DisplayName("STR-8 who does not read is disconnected when the mailbox is full; others are not")
  void slowReader() {
    chat(port -> {
      try (Connection alice = connect(port, "Alice")) {
        Connection slow = connect(port, "Slow");
        String line = "x".repeat(900);
        var talking =
            createTask(() -> {
              while (true) {
                say(alice, line); // waits while the server is busy
              }
            });
        hear(alice, "* Slow was too slow");
        talking.cancel();
        slow.writer().transport().abort();
        say(alice, "/who");
        assertThat(hear(alice, "* Here: ")).isEqualTo("* Here: Alice");
      }
    });
  }
}
