package dev.lariat.testkit;

import dev.lariat.host.Alarm;
import dev.lariat.host.Guest;
import dev.lariat.host.Host;
import dev.lariat.host.Watch;
import dev.lariat.host.WindowWatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/** The smallest toolkit there is: a queue of events, and a main loop that can be nested. */
final class ToyToolkit {
  private final Thread thread = Thread.currentThread();
  private final BlockingQueue<Runnable> events = new LinkedBlockingQueue<>();

  private @Nullable WindowWatcher windows;

  /** What becomes of what its hosts watch. */
  final List<String> watches = new ArrayList<>();

  private @Nullable Runnable readable;

  void post(Runnable event) {
    events.add(event);
  }

  /** Whom the newest host asks and tells about windows. */
  WindowWatcher windows() {
    return windows;
  }

  /** Tells that what the newest host watches can be read. */
  void tellReadable() {
    readable.run();
  }

  Host newHost() {
    return new ToyHost();
  }

  HostContract.NestedLoop newNestedLoop() {
    return new MainLoop();
  }

  /** One run of the main loop, in another one or not. */
  private final class MainLoop implements HostContract.NestedLoop {
    private boolean quit;

    @Override
    public void run() {
      while (!quit) {
        try {
          events.take().run();
        } catch (InterruptedException e) {
          throw new IllegalStateException(e);
        }
      }
    }

    @Override
    public void exit() {
      quit = true;
      post(() -> {});
    }
  }

  private final class ToyHost implements Host {
    private @Nullable Guest guest;
    private @Nullable Alarm alarm;
    private @Nullable MainLoop main;

    @Override
    public void start(Guest newGuest) {
      guest = newGuest;
      alarm = new Alarm("toy alarm", newGuest::alarm);
    }

    @Override
    public boolean isHostThread() {
      return Thread.currentThread() == thread;
    }

    @Override
    public void wake() {
      post(guest::turn);
    }

    @Override
    public void wakeAt(long nanoTime) {
      alarm.set(nanoTime);
    }

    @Override
    public void run() {
      main = new MainLoop();
      main.run();
    }

    @Override
    public void quit() {
      main.exit();
    }

    @Override
    public boolean watchWindows(WindowWatcher watcher) {
      windows = watcher;
      return true;
    }

    @Override
    public Watch watch(int descriptor, Runnable told) {
      watches.add("watch " + descriptor);
      readable = told;
      return new Watch() {
        @Override
        public void setEnabled(boolean enabled) {
          watches.add(enabled ? "on" : "off");
        }

        @Override
        public void close() {
          watches.add("close");
        }
      };
    }

    @Override
    public void close() {
      watches.add("close host");
      if (alarm != null) {
        alarm.close();
      }
    }

    @Override
    public String toString() {
      return "toy toolkit";
    }
  }
}
