package dev.lariat.net;

import io.netty.channel.ChannelOption;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Bytes as text, a server that echoes, connections that are reset, and a transport that only notes
 * what it is told.
 */
final class StreamFixtures {
  private StreamFixtures() {}

  static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  static String text(byte[] data) {
    return new String(data, StandardCharsets.UTF_8);
  }

  static void feed(StreamReader reader, String text) {
    reader.feedData(ascii(text));
  }

  /** Bytes that differ, so that order and completeness can be checked. */
  static byte[] pattern(int size) {
    byte[] data = new byte[size];
    for (int i = 0; i < size; i++) {
      data[i] = (byte) (i * 31 + i / 251);
    }
    return data;
  }

  /** A server's handler: sends back whatever comes. */
  static void echo(StreamReader reader, StreamWriter writer) throws IOException {
    try (writer) {
      for (byte[] data = reader.read(65536); data.length > 0; data = reader.read(65536)) {
        writer.write(data);
      }
    }
  }

  /** Has the peer get a reset, and not the end of the stream. */
  static void reset(Connection connection) {
    connection
        .writer()
        .getExtraInfo(ExtraInfo.SOCKET)
        .config()
        .setOption(ChannelOption.SO_LINGER, 0);
    connection.writer().transport().abort();
  }

  static final class FakeTransport implements ReadTransport {
    final List<String> calls = new ArrayList<>();
    boolean paused;

    @Override
    public boolean isReading() {
      return !paused;
    }

    @Override
    public void pauseReading() {
      paused = true;
      calls.add("pause");
    }

    @Override
    public void resumeReading() {
      paused = false;
      calls.add("resume");
    }

    @Override
    public <T> @Nullable T getExtraInfo(ExtraInfo<T> what) {
      return null;
    }

    @Override
    public boolean isClosing() {
      return false;
    }

    @Override
    public void close() {
      calls.add("close");
    }

    @Override
    public void setProtocol(BaseProtocol protocol) {}

    @Override
    public BaseProtocol getProtocol() {
      throw new UnsupportedOperationException();
    }
  }
}
