package dev.lariat.qt;

import dev.lariat.host.Host;
import dev.lariat.testkit.HostContract;
import io.qt.widgets.QDialog;
import io.qt.widgets.QWidget;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.function.Executable;

@DisplayName("What a host must do, in an application of QtJambi")
@Tag("qtjambi")
class QtJambiHostContractTest extends HostContract {
  @Override
  protected void onHostThread(Executable test) throws Throwable {
    QtThread.withWidgets(() -> {
      QtSignals.show(new QWidget()); // or each dialog would be the last window, and Qt would quit
      test.execute();
    });
  }

  @Override
  protected Host newHost() {
    return new QtHost();
  }

  @Override
  protected void post(Runnable event) {
    QtThread.post(event);
  }

  @Override
  protected NestedLoop newNestedLoop() {
    QDialog dialog = new QDialog();
    return new NestedLoop() {
      @Override
      public void run() {
        dialog.exec();
      }

      @Override
      public void exit() {
        dialog.accept();
      }
    };
  }
}
