package dev.lariat.process;

import static dev.lariat.process.Subprocess.createSubprocessExec;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lariat.Asyncio;
import dev.lariat.Future;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.Proxy;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A child that has ended, whose number is somebody else's now. */
class ReusedIdTest extends ChildrenTest {
  /** What the JDK knows of a child that has ended. */
  private static final class Ended extends java.lang.Process {
    private final long pid;
    final CountDownLatch known = new CountDownLatch(1);

    /** The JDK compares start times, which are not exact: then this is true of somebody else. */
    boolean alive;

    Ended(long pid) {
      this.pid = pid;
    }

    @Override
    public ProcessHandle toHandle() {
      return (ProcessHandle)
          Proxy.newProxyInstance(
              ProcessHandle.class.getClassLoader(),
              new Class<?>[] {ProcessHandle.class},
              (_, method, _) ->
                  switch (method.getName()) {
                    case "pid" -> pid;
                    case "isAlive" -> alive;
                    case "destroy" -> alive && ProcessHandle.of(pid).orElseThrow().destroy();
                    case "destroyForcibly" ->
                        alive && ProcessHandle.of(pid).orElseThrow().destroyForcibly();
                    default -> throw new UnsupportedOperationException(method.getName());
                  });
    }

    @Override
    public int waitFor() throws InterruptedException {
      known.await();
      return 0;
    }

    @Override
    public int exitValue() {
      return 0;
    }

    @Override
    public void destroy() {
      toHandle().destroy();
    }

    @Override
    public InputStream getInputStream() {
      return InputStream.nullInputStream();
    }

    @Override
    public InputStream getErrorStream() {
      return InputStream.nullInputStream();
    }

    @Override
    public OutputStream getOutputStream() {
      return OutputStream.nullOutputStream();
    }
  }

  private static void signal(Child child) {
    child.sendSignal("TERM");
    child.sendSignal("KILL");
    child.terminate();
    child.kill();
  }

  @Test
  @DisplayName("SP-2: signals to a child that has ended, known or not, never hit another process")
  void bystander() {
    run(() -> {
      try (Process other =
          createSubprocessExec(SubprocessOptions.PIPES.withStderr(Stdio.INHERIT), "cat")) {
        Ended ended = new Ended(other.pid());
        Child child =
            new Child(
                Asyncio.getRunningLoop(),
                new Spawn.Spawned(ended, null, null, null),
                new SubprocessProtocol() {});
        Future<@Nullable Void> opened = Asyncio.getRunningLoop().createFuture();
        child.open(opened);
        opened.await();
        signal(child);
        ended.alive = true; // says a JDK that is mistaken; but the child's end is known now
        ended.known.countDown();
        assertThat(child.awaitExit()).isZero();
        signal(child);
        assertThat(other.communicate("alive".getBytes(UTF_8)).stdoutText()).isEqualTo("alive");
        assertThat(other.await()).isZero();
      }
    });
  }
}
