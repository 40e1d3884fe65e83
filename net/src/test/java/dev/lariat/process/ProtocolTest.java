package dev.lariat.process;

import static dev.lariat.process.Subprocess.subprocessExec;
import static dev.lariat.process.Subprocess.subprocessShell;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lariat.net.BaseTransport;
import dev.lariat.net.ExtraInfo;
import dev.lariat.net.NetTest;
import dev.lariat.net.Protocol;
import dev.lariat.net.ReadTransport;
import dev.lariat.net.WriteTransport;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** TR-14: what a protocol is told of a child, and in which order. */
@DisabledOnOs(OS.WINDOWS)
class ProtocolTest extends NetTest {
  /** Writes down all that it is told; output of one pipe is joined. */
  private static class Recorder implements SubprocessProtocol {
    final List<String> events = new ArrayList<>();
    final StringBuilder[] output = {new StringBuilder(), new StringBuilder(), new StringBuilder()};

    boolean over() {
      return events.contains("lost null");
    }

    @Override
    public void connectionMade(BaseTransport transport) {
      events.add("made " + (((SubprocessTransport) transport).getPid() > 0));
    }

    @Override
    public void pipeDataReceived(int fd, byte[] data) {
      output[fd].append(new String(data, UTF_8));
    }

    @Override
    public void pipeConnectionLost(int fd, @Nullable Throwable cause) {
      events.add("pipe " + fd + " " + cause);
    }

    @Override
    public void processExited() {
      events.add("exited");
    }

    @Override
    public void connectionLost(@Nullable Throwable cause) {
      events.add("lost " + cause);
    }
  }

  static boolean polled() {
    return !PumpThreads.areUsed();
  }

  @Test
  @DisplayName("TR-14: connectionMade first, then pipes and the end in any order, then the loss")
  void order() {
    run(() -> {
      var child =
          subprocessShell(Recorder::new, SubprocessOptions.PIPES, "echo out; echo err >&2; exit 5");
      Recorder recorder = child.protocol();
      assertThat(recorder.events).first().isEqualTo("made true");
      until(recorder::over);
      assertThat(recorder.events).first().isEqualTo("made true");
      assertThat(recorder.events).last().isEqualTo("lost null");
      assertThat(recorder.events)
          .containsExactlyInAnyOrder(
              "made true", "pipe 0 null", "pipe 1 null", "pipe 2 null", "exited", "lost null");
      assertThat(recorder.output[1]).hasToString("out\n");
      assertThat(recorder.output[2]).hasToString("err\n");
      assertThat(child.transport().getReturncode()).isEqualTo(5);
      assertThat(child.transport().isClosing()).isTrue();
    });
  }

  @Test
  @DisplayName("TR-14: without pipes there is only the end")
  void noPipes() {
    run(() -> {
      var child = subprocessExec(Recorder::new, SubprocessOptions.DEFAULT, "true");
      until(child.protocol()::over);
      assertThat(child.protocol().events).containsExactly("made true", "exited", "lost null");
      assertThat(child.transport().getPipeTransport(0)).isNull();
      assertThat(child.transport().getPipeTransport(3)).isNull();
      assertThat(child.transport().getExtraInfo(ExtraInfo.SUBPROCESS).pid())
          .isEqualTo(child.transport().getPid());
    });
  }

  @Test
  @DisplayName("TR-14: pipes that end before the child does")
  void pipesFirst() {
    if (!polled()) {
      System.out.println("skipped: a pump that has nothing to write sees no reader go");
    }
    Assumptions.assumeTrue(polled(), "a pump that has nothing to write sees no reader go");
    run(() -> {
      var child =
          subprocessShell(
              Recorder::new,
              SubprocessOptions.PIPES.withStderr(Stdio.INHERIT),
              "exec >&- <&-; trap 'exit 4' TERM; while true; do sleep 0.01; done");
      Recorder recorder = child.protocol();
      until(() -> recorder.events.size() == 3);
      assertThat(recorder.events)
          .containsExactlyInAnyOrder("made true", "pipe 0 null", "pipe 1 null");
      assertThat(child.transport().getReturncode()).isNull();
      assertThat(child.transport().isClosing()).isFalse();
      child.transport().sendSignal("TERM");
      until(recorder::over);
      assertThat(recorder.events.subList(3, 5)).containsExactly("exited", "lost null");
      assertThat(child.transport().getReturncode()).isEqualTo(4);
    });
  }

  @Test
  @DisplayName("TR-14: the pipes' transports: writing, pausing, closing one of them")
  void pipeTransports() {
    run(() -> {
      var child =
          subprocessExec(Recorder::new, SubprocessOptions.PIPES.withStderr(Stdio.INHERIT), "cat");
      Recorder recorder = child.protocol();
      WriteTransport stdin = (WriteTransport) child.transport().getPipeTransport(0);
      ReadTransport stdout = (ReadTransport) child.transport().getPipeTransport(1);
      stdout.pauseReading();
      assertThat(stdout.isReading()).isFalse();
      stdin.writelines(List.of("one ".getBytes(UTF_8), "two ".getBytes(UTF_8)));
      until(() -> stdin.getWriteBufferSize() == 0);
      dev.lariat.Asyncio.sleep(SHORT); // real time: nothing must come
      assertThat(recorder.output[1]).isEmpty();
      stdout.resumeReading();
      until(() -> recorder.output[1].toString().equals("one two "));
      assertThat(stdin.canWriteEof()).isTrue();
      stdin.writeEof();
      assertThat(stdin.isClosing()).isTrue();
      stdin.write("dropped".getBytes(UTF_8));
      until(recorder::over);
      assertThat(recorder.output[1]).hasToString("one two ");
      assertThat(child.transport().getReturncode()).isZero();
    });
  }

  @Test
  @DisplayName("TR-14: pauseWriting and resumeWriting, once per crossing")
  void flowControl() {
    run(() -> {
      List<String> flow = new ArrayList<>();
      var child =
          subprocessExec(
              () ->
                  new Recorder() {
                    @Override
                    public void pauseWriting() {
                      flow.add("pause");
                    }

                    @Override
                    public void resumeWriting() {
                      flow.add("resume");
                    }
                  },
              SubprocessOptions.PIPES.withStderr(Stdio.INHERIT),
              "cat");
      WriteTransport stdin = (WriteTransport) child.transport().getPipeTransport(0);
      stdin.write(new byte[1_000_000]);
      stdin.write(new byte[1_000_000]);
      assertThat(flow).containsExactly("pause");
      until(() -> flow.size() == 2);
      assertThat(flow).containsExactly("pause", "resume");
      stdin.close();
      until(child.protocol()::over);
      assertThat(child.protocol().output[1].length()).isEqualTo(2_000_000);
    });
  }

  @Test
  @DisplayName("SP-3: closing the transport kills the child; all is told, the loss last")
  void close() {
    run(() -> {
      var child = subprocessExec(Recorder::new, SubprocessOptions.PIPES, "sleep", "300");
      child.transport().close();
      assertThat(child.transport().isClosing()).isTrue();
      until(child.protocol()::over);
      assertThat(child.protocol().events).last().isEqualTo("lost null");
      assertThat(child.protocol().events).hasSize(6).contains("exited");
      assertThat(child.transport().getReturncode()).isEqualTo(-9);
    });
  }

  @Test
  @DisplayName("TR-14: what a protocol throws is reported, and the child goes on")
  void failingProtocol() {
    run(() -> {
      var child =
          subprocessExec(
              () ->
                  new Recorder() {
                    @Override
                    public void processExited() {
                      throw new IllegalStateException("broken");
                    }
                  },
              SubprocessOptions.DEFAULT,
              "true");
      until(child.protocol()::over);
      assertThat(takeReport().exception()).hasMessage("broken");
    });
  }

  @Test
  @DisplayName("TR-9: another protocol takes over; one that is not for children is refused")
  void setProtocol() {
    run(() -> {
      var child = subprocessExec(Recorder::new, SubprocessOptions.PIPES, "cat");
      Recorder second = new Recorder();
      child.transport().setProtocol(second);
      assertThat(child.transport().getProtocol()).isSameAs(second);
      assertThatThrownBy(() -> child.transport().setProtocol(new Protocol() {}))
          .isInstanceOf(IllegalArgumentException.class);
      ((WriteTransport) child.transport().getPipeTransport(0)).close();
      until(second::over);
      assertThat(child.protocol().events).containsExactly("made true");
      assertThat(second.events).contains("exited", "pipe 0 null");
    });
  }
}
