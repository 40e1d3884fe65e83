package dev.lariat.qt;

import dev.lariat.host.Host;
import dev.lariat.testkit.HostContract;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.function.Executable;

@DisplayName("What a host must do, on Qt's core library alone")
class QtHostContractTest extends HostContract {
  private final Qt qt = new NativeQt();

  @Override
  protected void onHostThread(Executable test) throws Throwable {
    QtThread.withoutApplication(test);
  }

  @Override
  protected Host newHost() {
    if (!qt.hasApplication()) {
      qt.newApplication(); // for what a test posts before the loop runs
    }
    return new QtHost(new NativeQt(), QtThread.OPTIONS);
  }

  @Override
  protected void post(Runnable event) {
    Qt.Receiver receiver = qt.newReceiver(Throwable::printStackTrace);
    receiver.onWake(() -> {
      receiver.close();
      event.run();
    });
    receiver.wake();
  }

  @Override
  protected NestedLoop newNestedLoop() {
    Qt.NestedLoop loop = qt.newLoop();
    return new NestedLoop() {
      @Override
      public void run() {
        loop.exec();
        loop.close();
      }

      @Override
      public void exit() {
        loop.exit();
      }
    };
  }
}
