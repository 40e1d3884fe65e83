package dev.lariat.net;

import java.io.IOException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Connections as streams: the everyday API of networking. Models the functions of {@code
 * asyncio.streams}; made for static imports.
 *
 * <pre>{@code
 * try (Connection echo = openConnection("localhost", 7)) {
 *   echo.writer().write("hello\n");
 *   System.out.println(echo.reader().readLine());
 * }
 * }</pre>
 */
public final class Streams {
  private Streams() {}

  /**
   * Connects to a TCP server. Models {@code asyncio.open_connection}.
   *
   * <p><i>Suspends</i>: always. <i>Cancellable</i>: yes; then nothing is left open.
   *
   * @param host a name or an address
   * @param port the port
   * @return a reader and a writer
   * @throws IOException if the host is not known, or no address of it can be connected to
   */
  public static Connection openConnection(String host, int port) throws IOException {
    return openConnection(host, port, ConnectOptions.DEFAULT);
  }

  /**
   * Connects to a TCP server, with TLS for example.
   *
   * <p><i>Suspends</i>: always. <i>Cancellable</i>: yes; then nothing is left open.
   *
   * @param host a name or an address
   * @param port the port
   * @param options how
   * @return a reader and a writer
   * @throws IOException if the host is not known, or no address of it can be connected to
   */
  public static Connection openConnection(String host, int port, ConnectOptions options)
      throws IOException {
    return connection(Net.createConnection(() -> newProtocol(options), host, port, options));
  }

  /**
   * Makes streams of a socket of the JDK that is connected. Models {@code
   * asyncio.open_connection(sock=...)}.
   *
   * <p><i>Suspends</i>: always. <i>Cancellable</i>: yes; then the socket is closed.
   *
   * @param socket of TCP or a Unix socket; the connection's from now on, and closed with it
   * @param options how; TLS needs a host name to check, see {@link Tls#withServerHostname}
   * @return a reader and a writer
   * @throws IOException if the socket is closed or the handshake fails
   */
  public static Connection openConnection(SocketChannel socket, ConnectOptions options)
      throws IOException {
    return connection(Net.createConnection(() -> newProtocol(options), socket, options));
  }

  private static StreamReaderProtocol newProtocol(ConnectOptions options) {
    return new StreamReaderProtocol(new StreamReader(options.limit()));
  }

  private static Connection connection(Endpoint<Transport, StreamReaderProtocol> endpoint) {
    StreamReader reader = endpoint.protocol().reader();
    return new Connection(
        reader, new StreamWriter(endpoint.transport(), endpoint.protocol(), reader));
  }

  /**
   * Connects to a server's Unix socket. Models {@code asyncio.open_unix_connection}.
   *
   * <p><i>Suspends</i>: always. <i>Cancellable</i>: yes; then nothing is left open.
   *
   * @param path the socket
   * @return a reader and a writer
   * @throws IOException if nobody listens there
   */
  public static Connection openUnixConnection(Path path) throws IOException {
    return openUnixConnection(UnixAddress.of(path), ConnectOptions.DEFAULT);
  }

  /**
   * Connects to a server's Unix socket, at an abstract name for example.
   *
   * <p><i>Suspends</i>: always. <i>Cancellable</i>: yes; then nothing is left open.
   *
   * @param address where the server is
   * @param options how
   * @return a reader and a writer
   * @throws IOException if nobody listens there
   */
  public static Connection openUnixConnection(UnixAddress address, ConnectOptions options)
      throws IOException {
    return connection(Net.createUnixConnection(() -> newProtocol(options), address, options));
  }

  /**
   * Starts a server at a Unix socket that runs {@code handler} in a task for each connection.
   * Models {@code asyncio.start_unix_server}.
   *
   * <p><i>Suspends</i>: maybe. <i>Cancellable</i>: yes; then nothing is left open.
   *
   * @param handler serves one connection
   * @param path the socket; one that is there already is replaced
   * @return the server
   * @throws IOException if the socket cannot be made
   */
  public static Server startUnixServer(StreamHandler handler, Path path) throws IOException {
    return startUnixServer(handler, UnixAddress.of(path), ServerOptions.DEFAULT);
  }

  /**
   * Starts a server at a Unix socket, at an abstract name for example.
   *
   * <p><i>Suspends</i>: maybe. <i>Cancellable</i>: yes; then nothing is left open.
   *
   * @param handler serves one connection
   * @param address where
   * @param options how
   * @return the server
   * @throws IOException if the socket cannot be made
   */
  public static Server startUnixServer(
      StreamHandler handler, UnixAddress address, ServerOptions options) throws IOException {
    return Net.createUnixServer(protocols(handler, options), address, options);
  }

  /**
   * Starts a TCP server that runs {@code handler} in a task for each connection. Models {@code
   * asyncio.start_server}.
   *
   * <p><i>Suspends</i>: maybe. <i>Cancellable</i>: yes; then nothing is left open.
   *
   * @param handler serves one connection
   * @param host a name or an address to listen on; null for all of this machine's
   * @param port the port; 0 for one that is free, see {@link Server#port}
   * @return the server
   * @throws IOException if an address cannot be listened on
   */
  public static Server startServer(StreamHandler handler, @Nullable String host, int port)
      throws IOException {
    return startServer(handler, host, port, ServerOptions.DEFAULT);
  }

  /**
   * Starts a TCP server, with TLS for example.
   *
   * <p><i>Suspends</i>: maybe. <i>Cancellable</i>: yes; then nothing is left open.
   *
   * @param handler serves one connection
   * @param host a name or an address to listen on; null for all of this machine's
   * @param port the port; 0 for one that is free
   * @param options how
   * @return the server
   * @throws IOException if an address cannot be listened on
   */
  public static Server startServer(
      StreamHandler handler, @Nullable String host, int port, ServerOptions options)
      throws IOException {
    return Net.createServer(protocols(handler, options), host, port, options);
  }

  /**
   * Serves on a socket of the JDK that listens already. Models {@code
   * asyncio.start_server(sock=...)}.
   *
   * <p><i>Suspends</i>: never.
   *
   * @param handler serves one connection
   * @param socket of TCP or a Unix socket; the server's from now on, and closed with it
   * @param options how; what they say of listening comes too late
   * @return the server
   * @throws IOException if the socket is closed
   */
  public static Server startServer(
      StreamHandler handler, ServerSocketChannel socket, ServerOptions options) throws IOException {
    return Net.createServer(protocols(handler, options), socket, options);
  }

  private static Supplier<BaseProtocol> protocols(StreamHandler handler, ServerOptions options) {
    Objects.requireNonNull(handler, "handler");
    return () -> new StreamReaderProtocol(new StreamReader(options.limit()), handler);
  }
}
