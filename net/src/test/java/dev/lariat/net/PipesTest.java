package dev.lariat.net;

import static dev.lariat.Asyncio.createTask;
import static dev.lariat.Asyncio.getRunningLoop;
import static dev.lariat.Asyncio.sleep;
import static dev.lariat.net.Pipes.connectReadPipe;
import static dev.lariat.net.Pipes.connectWritePipe;
import static dev.lariat.net.StreamFixtures.ascii;
import static dev.lariat.net.StreamFixtures.pattern;
import static dev.lariat.net.StreamFixtures.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lariat.CancelledError;
import dev.lariat.Future;
import dev.lariat.Task;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.Pipe;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pipes with transports and protocols. */
class PipesTest extends NetTest {
  @TempDir Path directory;

  private Path fifo() throws IOException, InterruptedException {
    Path path = directory.resolve("fifo");
    assertThat(new ProcessBuilder("mkfifo", path.toString()).start().waitFor()).isZero();
    return path;
  }

  /** Notes what a pipe's protocol is told, but for how often there was data; writes if it can. */
  private static final class Recorder extends RecordingProtocol {
    Recorder() {
      keepOpen = true;
    }

    @Override
    public void connectionMade(BaseTransport transport) {
      events.add("made");
      if (transport instanceof WriteTransport sink) {
        sink.write(ascii("first "));
      }
    }

    @Override
    public void dataReceived(byte[] received) {
      data.writeBytes(received);
    }
  }

  /** The two ends of a pipe, opened in the right order. */
  private record Ends(
      Endpoint<ReadTransport, Recorder> reading, Endpoint<WriteTransport, Recorder> writing) {
    static Ends of(Pipe pipe) throws IOException {
      return new Ends(
          connectReadPipe(Recorder::new, pipe.source()),
          connectWritePipe(Recorder::new, pipe.sink()));
    }

    static Ends of(Path fifo) throws IOException {
      return new Ends(connectReadPipe(Recorder::new, fifo), connectWritePipe(Recorder::new, fifo));
    }
  }

  private static void checkWholeLife(Ends ends) {
    ends.writing().transport().write(ascii("second"));
    until(() -> ends.reading().protocol().data.toString().equals("first second"));
    assertThat(ends.writing().transport().getWriteBufferSize()).isZero();
    ends.writing().transport().writeEof();
    ends.reading().protocol().lost.await();
    ends.writing().protocol().lost.await();
    assertThat(ends.reading().protocol().events).containsExactly("made", "eof", "lost");
    assertThat(ends.writing().protocol().events).containsExactly("made", "lost");
    assertThat(ends.reading().protocol().cause).isNull();
    assertThat(ends.reading().transport().isClosing()).isTrue();
  }

  /** More than a pipe holds, while nobody reads, and then somebody. */
  private static void checkFlowControl(Ends ends) {
    byte[] block = pattern(200_000);
    for (int i = 0; i < block.length; i++) {
      block[i] = (byte) ('a' + i % 26);
    }
    until(() -> ends.reading().protocol().data.size() == 6);
    ends.reading().transport().pauseReading();
    assertThat(ends.reading().transport().isReading()).isFalse();
    for (int i = 0; i < 5; i++) {
      ends.writing().transport().writelines(List.of(block, ascii("\n")));
    }
    sleep(SHORT);
    assertThat(ends.writing().protocol().events).containsExactly("made", "pause");
    assertThat(ends.reading().protocol().data.toByteArray()).hasSize(6);
    ends.writing().transport().close();
    ends.reading().transport().resumeReading();
    ends.reading().protocol().lost.await();
    assertThat(ends.writing().protocol().events).containsExactly("made", "pause", "resume", "lost");
    assertThat(ends.reading().protocol().data.toString())
        .isEqualTo("first " + (text(block) + "\n").repeat(5));
  }

  private static void checkReaderGone(Ends ends) {
    until(() -> ends.reading().protocol().data.size() == 6);
    ends.reading().transport().close();
    ends.reading().protocol().lost.await();
    until(() -> { // the first of these may still find the pipe open
      ends.writing().transport().write(ascii("nobody reads this"));
      return ends.writing().transport().isClosing();
    });
    ends.writing().protocol().lost.await();
    ends.writing().transport().write(ascii("nor this"));
  }

  @Test
  @DisplayName("TR-13: a pipe from its beginning to its end")
  void life() {
    run(() -> checkWholeLife(Ends.of(Pipe.open())));
  }

  @Test
  @DisplayName("TR-13: a pipe that is full, and whose reader is paused")
  void flowControl() {
    run(() -> checkFlowControl(Ends.of(Pipe.open())));
  }

  @Test
  @DisplayName("TR-13: a pipe whose reader is gone")
  void readerGone() {
    run(() -> {
      Ends ends = Ends.of(Pipe.open());
      checkReaderGone(ends);
      assertThat(ends.writing().protocol().cause).isInstanceOf(IOException.class);
    });
  }

  @Test
  @DisplayName("TR-13: the same three for named pipes")
  void named() {
    needsMoreThanNio("the JDK's selector cannot wait for named pipes");
    run(() -> {
      Path fifo = fifo();
      checkWholeLife(Ends.of(fifo));
      checkFlowControl(Ends.of(fifo));
      checkReaderGone(Ends.of(fifo));
    });
  }

  @Test
  @DisplayName("TR-13: named pipes that nobody reads from, and what is none")
  void notNamedPipes() {
    needsMoreThanNio("the JDK's selector cannot wait for named pipes");
    run(() -> {
      assertThatThrownBy(() -> connectWritePipe(Recorder::new, fifo()))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("Nobody has");
      Path file = Files.createFile(directory.resolve("file"));
      assertThatThrownBy(() -> connectReadPipe(Recorder::new, file))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("neither a pipe nor a terminal");
      assertThatThrownBy(() -> connectReadPipe(Recorder::new, directory.resolve("nothing")))
          .isInstanceOf(IOException.class);
    });
  }

  @Test
  @DisplayName("TR-13: what epoll does not wait for is lost, and says why")
  void nullDevice() {
    needsMoreThanNio("the JDK's selector cannot wait for named pipes");
    run(() -> {
      var end = connectReadPipe(Recorder::new, Path.of("/dev/null"));
      until(() -> end.protocol().events.size() == 2);
      assertThat(end.protocol().cause).hasMessageContaining("epoll cannot wait for this");
    });
  }

  @Test
  @DisplayName("TR-13: streams on a named pipe, with a program at the other end")
  void withProgram() {
    needsMoreThanNio("the JDK's selector cannot wait for named pipes");
    run(() -> {
      Path fifo = fifo();
      StreamReader reader = new StreamReader();
      connectReadPipe(() -> new StreamReaderProtocol(reader), fifo);
      sleep(SHORT);
      Process program = new ProcessBuilder("sh", "-c", "printf 'one\\ntwo\\n' > " + fifo).start();
      List<String> lines = new ArrayList<>();
      for (String line : reader) {
        lines.add(line);
      }
      assertThat(lines).containsExactly("one", "two");
      assertThat(program.waitFor()).isZero();
    });
  }

  @Test
  @DisplayName("TR-10, NET-10: the channel belongs to the transport, and can be asked for")
  void channelIsTaken() {
    run(() -> {
      Pipe pipe = Pipe.open();
      Ends ends = Ends.of(pipe);
      assertThat(ends.reading().transport().getExtraInfo(ExtraInfo.PIPE)).isSameAs(pipe.source());
      assertThat(ends.writing().transport().getExtraInfo(ExtraInfo.PIPE)).isSameAs(pipe.sink());
      assertThat(ends.writing().transport().getExtraInfo(ExtraInfo.PEERNAME)).isNull();
      assertThatThrownBy(() -> Sockets.addReader(pipe.source(), () -> {}))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("transport");
      assertThatThrownBy(() -> Sockets.sockRecv(pipe.source(), 1))
          .isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(() -> Sockets.removeReader(pipe.source()))
          .isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(() -> connectReadPipe(Recorder::new, pipe.source()))
          .isInstanceOf(IllegalStateException.class);
      ends.writing().transport().abort();
      ends.reading().protocol().lost.await();
      assertThat(pipe.source().isOpen()).isFalse();
      assertThat(pipe.sink().isOpen()).isFalse();

      Pipe other = Pipe.open();
      other.source().configureBlocking(false);
      Sockets.addReader(other.source(), () -> {});
      assertThatThrownBy(() -> connectReadPipe(Recorder::new, other.source()))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("reader");
      Sockets.removeReader(other.source());
      other.source().close();
      other.sink().close();
    });
  }

  @Test
  @DisplayName("TR-13: a cancelled connectReadPipe has closed the pipe")
  void cancelled() {
    run(() -> {
      Pipe pipe = Pipe.open();
      Task<?> task = createTask(() -> connectReadPipe(Recorder::new, pipe.source()));
      getRunningLoop().callSoon(task::cancel);
      assertThatThrownBy(task::await).isInstanceOf(CancelledError.class);
      assertThat(pipe.source().isOpen()).isFalse();
      pipe.sink().close();
    });
  }

  @Test
  @DisplayName("TR-13: a protocol that knew of its pipe is told if the call is cancelled then")
  void cancelledLate() {
    run(() -> {
      Pipe pipe = Pipe.open();
      List<String> told = new ArrayList<>();
      Future<@Nullable Void> lost = getRunningLoop().createFuture();
      Task<?>[] task = new Task<?>[1];
      Protocol protocol =
          new Protocol() {
            @Override
            public void connectionMade(BaseTransport transport) {
              told.add("made");
              task[0].cancel();
            }

            @Override
            public void connectionLost(@Nullable Throwable cause) {
              told.add("lost");
              lost.setResult(null);
            }
          };
      task[0] = createTask(() -> connectReadPipe(() -> protocol, pipe.source()));
      assertThatThrownBy(task[0]::await).isInstanceOf(CancelledError.class);
      lost.await();
      assertThat(told).containsExactly("made", "lost");
      assertThat(pipe.source().isOpen()).isFalse();
      pipe.sink().close();
    });
  }

  @Test
  @DisplayName("TR-13: a cancelled connectWritePipe is closed, whatever is unsent")
  void cancelledWriter() {
    run(() -> {
      Pipe pipe = Pipe.open();
      Task<?>[] task = new Task<?>[1];
      RecordingProtocol protocol =
          new RecordingProtocol() {
            @Override
            public void connectionMade(BaseTransport made) {
              events.add("made");
              ((WriteTransport) made).write(new byte[1 << 20]);
              task[0].cancel();
            }
          };
      task[0] = createTask(() -> connectWritePipe(() -> protocol, pipe.sink()));
      assertThatThrownBy(task[0]::await).isInstanceOf(CancelledError.class);
      protocol.lost.await();
      assertThat(protocol.events).containsExactly("made", "pause", "lost");
      assertThat(pipe.sink().isOpen()).isFalse();
      pipe.source().close();
    });
  }

  @Test
  @DisplayName("TR-13: a buffer that its writer has released breaks the pipe, and nothing else")
  void releasedBuffer() throws IOException, InterruptedException {
    needsMoreThanNio("named pipes need epoll");
    Path fifo = fifo();
    run(() -> {
      var reading = connectReadPipe(Recorder::new, fifo);
      var writing = connectWritePipe(Recorder::new, fifo);
      ByteBuf released = Unpooled.buffer(8).writeLong(1);
      released.release();
      writing.transport().write(released);
      writing.protocol().lost.await();
      assertThat(writing.protocol().cause)
          .isInstanceOf(IOException.class)
          .hasMessage("What was written to a pipe cannot be sent");
      reading.protocol().lost.await();
      assertThat(reading.protocol().text()).isEqualTo("first ");
    });
  }

  @Test
  @DisplayName("TR-13: a channel that is closed beneath its transport ends that, once it reads on")
  void closedBeneath() {
    run(() -> {
      Pipe pipe = Pipe.open();
      Ends ends = Ends.of(pipe);
      ends.reading().transport().pauseReading();
      for (int i = 0; i < 20; i++) { // more than what is read ahead
        ends.writing().transport().write(ascii("."));
        sleep(Duration.ofMillis(1)); // real time
      }
      pipe.source().close();
      ends.reading().transport().resumeReading();
      ends.reading().protocol().lost.await();
      assertThat(ends.reading().protocol().cause).isInstanceOf(ClosedChannelException.class);
      ends.writing().transport().abort();
    });
  }

  @Test
  @DisplayName("TR-13, STR-12: pipes that are left open are closed with the loop, with a warning")
  void leftOpen() throws IOException {
    Pipe pipe = Pipe.open();
    run(() -> {
      Ends.of(pipe);
    });
    try (Logs logs = new Logs()) {
      loop.close();
      assertThat(logs.messages()).filteredOn(line -> line.contains("unclosed")).hasSize(2);
    }
    assertThat(pipe.source().isOpen()).isFalse();
    assertThat(pipe.sink().isOpen()).isFalse();
  }
}
