package dev.lariat.examples.http;

import static dev.lariat.Asyncio.*;
import static dev.lariat.net.Streams.startServer;

import dev.lariat.TimeoutException;
import dev.lariat.examples.net.Terminal;
import dev.lariat.net.ExtraInfo;
import dev.lariat.net.IncompleteReadException;
import dev.lariat.net.LimitOverrunException;
import dev.lariat.net.Server;
import dev.lariat.net.ServerOptions;
import dev.lariat.net.StreamReader;
import dev.lariat.net.StreamWriter;
import dev.lariat.sync.Event;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Serves the files below a directory to browsers of this machine, by HTTP/1.1.
 *
 * <p>Each connection is a task, and reads as if it were alone. It can wait for the client, whose
 * time is limited, or for the disk, in another thread; nothing else here takes time, and nothing is
 * shared by threads. {@link Request} and {@link Site} know about HTTP and about files, and neither
 * about the network.
 *
 * <p>Run it with {@code ./lariat demo files [DIRECTORY [PORT]]}.
 */
final class FileServer {
  /**
   * What a client may take up.
   *
   * @param connections how many of them at a time; 503 to others
   * @param idle how long one may be open between two requests
   * @param head how long the head of a request may take to come; 408 after that
   * @param slow how long one may take to make room for the next block, or to close in the end
   */
  record Limits(int connections, Duration idle, Duration head, Duration slow) {
    static final Limits USUAL =
        new Limits(500, Duration.ofSeconds(60), Duration.ofSeconds(10), Duration.ofSeconds(30));
  }

  private static final int USUAL_PORT = 8000;
  private static final int LONGEST_HEAD = 16 * 1024;
  private static final int BLOCK = 64 * 1024;
  private static final Duration GRACE = Duration.ofSeconds(5);
  private static final byte[] HEAD_END = {'\r', '\n', '\r', '\n'};

  private final Site site;
  private final Limits limits;
  private final Set<StreamWriter> idle = new LinkedHashSet<>();
  private int connections;
  private boolean ending;

  FileServer(Path root, Limits limits) throws IOException {
    this.site = new Site(root);
    this.limits = limits;
  }

  static void main(String[] args) {
    Terminal.run(() -> {
      if (args.length > 2) {
        throw new IllegalArgumentException("arguments: [DIRECTORY [PORT]]");
      }
      Path root = Path.of(args.length > 0 ? args[0] : ".");
      if (!toThread(() -> Files.isDirectory(root))) {
        throw new IllegalArgumentException(root + " is no directory");
      }
      int port = args.length > 1 ? Terminal.port(args[1]) : USUAL_PORT;
      new FileServer(root, Limits.USUAL)
          .serve(
              port,
              bound -> {
                IO.println(
                    "Serving " + root + " at http://127.0.0.1:" + bound + "/; Ctrl-C ends it");
                new Event().await(); // cancellable: that is how it ends
              });
    });
  }

  interface Body {
    void run(int port) throws IOException;
  }

  /** Serves while {@code body} runs; then what is being answered is answered to its end. */
  void serve(int port, Body body) throws IOException {
    ServerOptions options = ServerOptions.DEFAULT.withLimit(LONGEST_HEAD);
    Server server = startServer(this::talk, "127.0.0.1", port, options);
    try {
      body.run(server.port());
    } finally {
      ending = true;
      List.copyOf(idle).forEach(StreamWriter::close);
      server.close(GRACE); // a second Ctrl-C does not wait for this
    }
  }

  // -- a connection ------------------------------------------------------------------------------

  private void talk(StreamReader reader, StreamWriter writer) {
    connections++;
    try (writer) {
      if (connections > limits.connections()) {
        writer.write(Response.error(503).head(false));
      } else {
        boolean more = true;
        while (more) {
          more = answerNext(reader, writer);
        }
      }
      linger(reader, writer);
    } catch (IOException | TimeoutException lost) {
      // The client is gone, or does not take what it has asked for, or the file has become shorter.
      // Closing would wait for the one, and hide the other from the client.
      writer.transport().abort();
    } finally {
      connections--;
    }
  }

  /** Answers the next request; says whether there can be another one after it. */
  private boolean answerNext(StreamReader reader, StreamWriter writer) throws IOException {
    Request request = null;
    Response response;
    try {
      request = nextRequest(reader, writer);
      if (request == null) {
        return false;
      }
      Request asked = request;
      response = toThread(() -> site.get(asked));
    } catch (HttpException bad) {
      response = Response.error(bad.status(), String.valueOf(bad.getMessage()));
    } catch (LimitOverrunException tooLong) {
      response = Response.error(431);
    } catch (TimeoutException tooSlow) {
      response = Response.error(408);
    }
    boolean keepAlive = request != null && request.keepsAlive() && !ending;
    log(writer, request, response);
    send(response.head(keepAlive).getBytes(StandardCharsets.ISO_8859_1), writer);
    if (request == null || !request.isHead()) {
      sendBody(response, writer);
    }
    return keepAlive;
  }

  /** {@return the next request, or null if there is none} */
  private @Nullable Request nextRequest(StreamReader reader, StreamWriter writer)
      throws IOException, HttpException {
    byte[] first;
    idle.add(writer);
    try {
      first = timeout(limits.idle(), () -> reader.read(1));
    } catch (TimeoutException nothing) {
      return null;
    } finally {
      idle.remove(writer);
    }
    try {
      byte[] rest = timeout(limits.head(), () -> reader.readuntil(HEAD_END));
      return Request.parse(text(first) + text(rest));
    } catch (IncompleteReadException gone) {
      return null;
    }
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  /**
   * Waits for the client to close. If the server closed while the client still sends, the system
   * would reset the connection, and the answer might never be read.
   */
  private void linger(StreamReader reader, StreamWriter writer) throws IOException {
    writer.writeEof();
    timeout(
        limits.slow(),
        () -> {
          while (reader.read(BLOCK).length > 0) {}
        });
  }

  // -- an answer ---------------------------------------------------------------------------------

  private void sendBody(Response response, StreamWriter writer) throws IOException {
    Response.Part part = response.file();
    if (part == null) {
      send(response.bytes(), writer);
      return;
    }
    try (FileChannel file = toThread(() -> FileChannel.open(part.path()))) {
      ByteBuffer block = ByteBuffer.allocate(BLOCK);
      long end = part.from() + part.length();
      for (long at = part.from(); at < end; at += block.limit()) {
        read(file, at, block.clear().limit((int) Math.min(BLOCK, end - at)));
        send(block, writer);
      }
    }
  }

  private static void read(FileChannel file, long position, ByteBuffer block) throws IOException {
    // Cancellable: the thread is interrupted, which closes the file.
    int count = toThread(() -> file.read(block, position));
    if (count < 0) {
      throw new EOFException("the file has become shorter");
    }
    block.flip();
  }

  private void send(byte[] bytes, StreamWriter writer) throws IOException {
    timeout(limits.slow(), () -> writer.write(bytes));
  }

  private void send(ByteBuffer block, StreamWriter writer) throws IOException {
    timeout(limits.slow(), () -> writer.write(block));
  }

  private static void log(StreamWriter writer, @Nullable Request request, Response response) {
    String asked = request == null ? "-" : request.method() + " " + request.target();
    Object client = writer.getExtraInfo(ExtraInfo.PEERNAME);
    IO.println("%s %s %d %d".formatted(client, asked, response.status(), response.length()));
  }
}
