package dev.lariat.swing;

import dev.lariat.host.Host;
import dev.lariat.testkit.HostContract;
import java.awt.EventQueue;
import java.awt.SecondaryLoop;
import java.awt.Toolkit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.function.Executable;

@DisplayName("What a host must do, on Swing")
class SwingHostContractTest extends HostContract {
  @Override
  protected void onHostThread(Executable test) throws Throwable {
    Edt.run(test);
  }

  @Override
  protected Host newHost() {
    return new SwingHost();
  }

  @Override
  protected void post(Runnable event) {
    EventQueue.invokeLater(event);
  }

  @Override
  protected NestedLoop newNestedLoop() {
    SecondaryLoop loop = Toolkit.getDefaultToolkit().getSystemEventQueue().createSecondaryLoop();
    return new NestedLoop() {
      @Override
      public void run() {
        loop.enter();
      }

      @Override
      public void exit() {
        loop.exit();
      }
    };
  }
}
