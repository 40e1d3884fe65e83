package dev.lariat.net;

/** What a server does with each connection: asyncio's {@code client_connected_cb}. */
@FunctionalInterface
public interface StreamHandler {
  /**
   * Serves one connection, in a task of its own. When it fails the failure is reported, and the
   * connection closed; when it is cancelled the connection is closed. When it returns the
   * connection stays as it is, so close the writer.
   *
   * @param reader what the client sends
   * @param writer what is sent to the client
   * @throws Exception what it fails with
   */
  void handle(StreamReader reader, StreamWriter writer) throws Exception;
}
