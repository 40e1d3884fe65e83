package dev.lariat.process;

import dev.lariat.net.BaseTransport;
import dev.lariat.net.ReadTransport;
import dev.lariat.net.StreamReader;
import dev.lariat.net.StreamReaderProtocol;
import dev.lariat.net.StreamWriter;
import dev.lariat.net.WriteTransport;
import org.jspecify.annotations.Nullable;

/**
 * Between a child and streams. Models {@code asyncio.subprocess.SubprocessStreamProtocol}.
 *
 * <p>The writer's protocol is that of a connection, of which nothing is ever read.
 */
final class StreamsProtocol implements SubprocessProtocol {
  private final StreamReaderProtocol input = new StreamReaderProtocol(new StreamReader());
  private final @Nullable StreamReader stdout;
  private final @Nullable StreamReader stderr;
  private @Nullable StreamWriter stdin;

  StreamsProtocol(SubprocessOptions options) {
    stdout = options.stdout() == Stdio.PIPE ? new StreamReader(options.limit()) : null;
    stderr = options.stderr() == Stdio.PIPE ? new StreamReader(options.limit()) : null;
  }

  @Nullable StreamWriter stdin() {
    return stdin;
  }

  @Nullable StreamReader stdout() {
    return stdout;
  }

  @Nullable StreamReader stderr() {
    return stderr;
  }

  private @Nullable StreamReader reader(int fd) {
    return fd == 1 ? stdout : stderr;
  }

  @Override
  public void connectionMade(BaseTransport transport) {
    SubprocessTransport child = (SubprocessTransport) transport;
    for (int fd = 1; fd <= 2; fd++) {
      StreamReader reader = reader(fd);
      if (reader != null && child.getPipeTransport(fd) instanceof ReadTransport source) {
        reader.setTransport(source);
      }
    }
    if (child.getPipeTransport(0) instanceof WriteTransport sink) {
      input.connectionMade(sink);
      stdin = new StreamWriter(sink, input, null);
    }
  }

  @Override
  public void pipeDataReceived(int fd, byte[] data) {
    StreamReader reader = reader(fd);
    if (reader != null) {
      reader.feedData(data);
    }
  }

  @Override
  public void pipeConnectionLost(int fd, @Nullable Throwable cause) {
    StreamReader reader = reader(fd);
    if (fd == 0) {
      input.connectionLost(cause);
      if (stdin != null) {
        stdin.close();
      }
    } else if (reader != null && cause != null) {
      reader.setException(cause);
    } else if (reader != null) {
      reader.feedEof();
    }
  }

  @Override
  public void pauseWriting() {
    input.pauseWriting();
  }

  @Override
  public void resumeWriting() {
    input.resumeWriting();
  }
}
