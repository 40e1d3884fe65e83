package dev.lariat.qt;

import dev.lariat.host.Watch;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Qt by the functions of its core library alone. */
class NativeQt implements Qt {
  /** The application object, if it was made here. */
  private static long made;

  @Override
  public boolean hasApplication() {
    return QtCore.application() != 0;
  }

  @Override
  public boolean onApplicationThread() {
    return QtCore.onApplicationThread();
  }

  @Override
  public void newApplication() {
    made = QtCore.newApplication("java");
  }

  @Override
  public void deleteApplication() {
    if (made == QtCore.application()) {
      made = 0;
      QtCore.deleteApplication(QtCore.application());
      return;
    }
    try {
      JambiQt.load().deleteApplication();
    } catch (LinkageError anotherBinding) {
      // whose it is to delete
    }
  }

  @Override
  public void exec() {
    QtCore.exec();
  }

  @Override
  public void exit() {
    QtCore.exit();
  }

  @Override
  public void quit() {
    QtCore.quit();
  }

  @Override
  public void blockSignals(boolean block) {
    boolean _ = QtCore.blockSignals(QtCore.application(), block);
  }

  @Override
  public int loopLevel() {
    return QtCore.loopLevel();
  }

  @Override
  public NestedLoop newLoop() {
    long loop = QtCore.newLoop();
    return new NestedLoop() {
      @Override
      public void exec() {
        QtCore.execLoop(loop);
      }

      @Override
      public void handleEvents() {
        QtCore.handleEvents(loop);
      }

      @Override
      public void exit() {
        QtCore.exitLoop(loop);
      }

      @Override
      public void close() {
        QtCore.deleteLoop(loop);
      }
    };
  }

  @Override
  public Receiver newReceiver(Consumer<Throwable> uncaught) {
    return new NativeReceiver(uncaught);
  }

  private static final class NativeReceiver implements Receiver {
    private final long object = QtCore.newObject();
    private final List<Slot> slots = new ArrayList<>();
    private final Consumer<Throwable> uncaught;
    private final Slot wake;
    private final Slot exec;
    private final long timer;
    private Runnable onWake = () -> {};
    private Runnable onTimeout = () -> {};
    private Runnable onExec = () -> {};

    /** Guarded by this: {@link #wake} on another thread must not meet an object that is gone. */
    private boolean closed;

    NativeReceiver(Consumer<Throwable> uncaught) {
      this.uncaught = uncaught;
      wake = slot(() -> onWake.run());
      exec = slot(() -> onExec.run());
      timer = QtCore.newTimer(object, slot(() -> onTimeout.run()));
    }

    private Slot slot(Runnable action) {
      Slot slot = new Slot(action, uncaught);
      slots.add(slot);
      return slot;
    }

    @Override
    public void onWake(Runnable action) {
      onWake = action;
    }

    @Override
    public void onTimeout(Runnable action) {
      onTimeout = action;
    }

    @Override
    public void onAboutToQuit(Runnable action) {
      QtCore.onAboutToQuit(object, slot(action));
    }

    @Override
    public void onExec(Runnable action) {
      onExec = action;
      QtCore.invokeLater(object, exec);
    }

    @Override
    public Watch onReadable(int descriptor, Runnable action) {
      Slot slot = slot(action);
      long notifier = QtCore.newNotifier(descriptor, object, slot);
      return new Watch() {
        private boolean watchClosed;

        @Override
        public void setEnabled(boolean enabled) {
          if (!watchClosed) {
            QtCore.setNotifying(notifier, enabled);
          }
        }

        @Override
        public void close() {
          if (!watchClosed) {
            setEnabled(false); // at once, for then the descriptor may be closed
            watchClosed = true;
            QtCore.deleteLater(notifier);
            slots.remove(slot);
            slot.close();
          }
        }
      };
    }

    @Override
    public synchronized void wake() {
      if (!closed) {
        QtCore.invokeLater(object, wake);
      }
    }

    @Override
    public void startTimer(int millis) {
      QtCore.startTimer(timer, millis);
    }

    @Override
    public synchronized void close() {
      closed = true;
      slots.forEach(Slot::close);
      if (QtCore.loopLevel() == 0) {
        QtCore.delete(object);
      } else {
        QtCore.deleteLater(object); // this may be a call of it
      }
    }
  }
}
