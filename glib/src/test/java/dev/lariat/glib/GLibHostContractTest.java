package dev.lariat.glib;

import dev.lariat.host.Host;
import dev.lariat.testkit.HostContract;
import dev.lariat.testkit.NeedsLibrary;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.function.Executable;

@DisplayName("What a host must do, on a GLib main context")
@NeedsLibrary(value = "libglib-2.0.so.0", install = "tools/system-packages gtk")
class GLibHostContractTest extends HostContract {
  private final long context = Native.contextNew();
  private final ConcurrentLinkedQueue<Runnable> events = new ConcurrentLinkedQueue<>();
  private final Source source = Source.timed(context, GLibPriority.DEFAULT, this::runOne);

  @AfterEach
  void destroySource() {
    source.destroy();
  }

  @Override
  protected void onHostThread(Executable test) throws Throwable {
    Clib.acquire(context); // a context that nobody has is any thread's to run
    try {
      test.execute();
    } finally {
      Clib.release(context);
    }
  }

  @Override
  protected Host newHost() {
    return new GLibHost(java.lang.foreign.MemorySegment.ofAddress(context));
  }

  @Override
  protected void post(Runnable event) {
    events.add(event);
    source.setReadyTime(Source.NOW);
  }

  private void runOne() {
    Runnable event = events.poll();
    if (event == null) {
      source.setReadyTime(Source.NEVER);
    } else {
      event.run();
    }
  }

  @Override
  protected NestedLoop newNestedLoop() {
    long loop = Native.loopNew(context);
    return new NestedLoop() {
      @Override
      public void run() {
        Native.loopRun(loop);
      }

      @Override
      public void exit() {
        Native.loopQuit(loop);
      }
    };
  }
}
