package dev.lariat.examples.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lariat.examples.Program;
import java.net.ServerSocket;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class EchoTest {
  private static final int INTERRUPTED = 130;

  @Test
  @DisplayName("STR-1 the server sends back what the client sends, and ends by Ctrl-C")
  void echo() throws Exception {
    try (Program server = Program.start(Echo.class, "0")) {
      int port = server.awaitNumber("port ");
      try (Program client = Program.start(Echo.class, "localhost", "" + port)) {
        client.type("Hello World!");
        client.awaitLine("^Hello World!$");
        client.type("Zweite Zeile: äöü");
        client.awaitLine("^Zweite Zeile: äöü$");
        client.endInput();
        assertThat(client.awaitEnd()).isZero();
      }
      server.typeCtrlC();
      assertThat(server.awaitEnd()).isEqualTo(INTERRUPTED);
      assertThat(server.lines()).as("nothing but the greeting").hasSize(1);
    }
  }

  @Test
  @DisplayName("a server that ends while a client is connected closes the connection in good order")
  void serverEnds() throws Exception {
    try (Program server = Program.start(Echo.class, "0")) {
      int port = server.awaitNumber("port ");
      try (Program client = Program.start(Echo.class, "localhost", "" + port)) {
        client.type("one");
        client.awaitLine("^one$");
        server.signal("TERM");
        assertThat(server.awaitEnd()).isEqualTo(128 + 15);
        client.type("two");
        assertThat(client.awaitEnd()).isEqualTo(1);
        assertThat(client.lines().getLast())
            .containsAnyOf(
                "the server has closed the connection", "reset", "Broken pipe"); // if late
      }
    }
  }

  @Test
  @DisplayName("no server, a port that is taken, and a wrong argument are a line and a status")
  void failures() throws Exception {
    try (ServerSocket taken = new ServerSocket(0)) {
      String port = "" + taken.getLocalPort();
      try (Program server = Program.start(Echo.class, port)) {
        assertThat(server.awaitEnd()).isEqualTo(1);
        assertThat(server.lines()).singleElement().asString().contains("in use");
      }
      taken.close();
      try (Program client = Program.start(Echo.class, "127.0.0.1", port)) {
        assertThat(client.awaitEnd()).isEqualTo(1);
        assertThat(client.lines()).singleElement().asString().contains("refused");
      }
    }
    try (Program wrong = Program.start(Echo.class, "seven")) {
      assertThat(wrong.awaitEnd()).isEqualTo(2);
      assertThat(wrong.lines()).containsExactly("a port is a number from 0 to 65535, not seven");
    }
  }
}
