package dev.lariat.qt;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lariat.host.Host;
import dev.lariat.net.Connection;
import dev.lariat.net.Server;
import dev.lariat.net.Streams;
import dev.lariat.net.internal.WatchedReactorContract;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

@DisplayName("Networking on Qt's core library alone")
class QtNetTest extends WatchedReactorContract {
  @Override
  protected void onHostThread(Executable test) throws Throwable {
    QtThread.withoutApplication(test);
  }

  @Override
  protected Host newHost() {
    return new QtHost(new NativeQt(), QtThread.OPTIONS);
  }

  @Nested
  @DisplayName("where Qt does without GLib")
  class WithoutGLib extends WatchedReactorContract {
    /** Qt asks the environment when it makes the application. */
    @Override
    protected void onHostThread(Executable test) throws Throwable {
      QtThread.withoutApplication(() -> {
        Dispatcher.withoutGLib(true);
        try {
          new NativeQt().newApplication();
        } finally {
          Dispatcher.withoutGLib(QtLoopKind.WITHOUT_GLIB);
        }
        test.execute();
      });
    }

    @Override
    protected Host newHost() {
      return QtNetTest.this.newHost();
    }

    @Test
    @DisplayName("indeed it does without")
    void dispatcher() throws Throwable {
      onHostThread(() -> assertThat(Dispatcher.isOf("QEventDispatcherUNIX")).isTrue());
      QtNetTest.this.onHostThread(() -> {
        new NativeQt().newApplication();
        assertThat(Dispatcher.isOf("QEventDispatcherGlib")).isNotEqualTo(QtLoopKind.WITHOUT_GLIB);
      });
    }
  }

  @Nested
  @DisplayName("in an application of QtJambi")
  @Tag("qtjambi")
  class Jambi extends WatchedReactorContract {
    @Override
    protected void onHostThread(Executable test) throws Throwable {
      QtThread.withWidgets(test);
    }

    @Override
    protected Host newHost() {
      return new QtHost(new HybridQt(JambiQt.load()), QtThread.OPTIONS);
    }
  }

  @Test
  @Tag("qtjambi")
  @DisplayName(
      "where only QtJambi can be had, which watches nothing, Netty has a thread of its own")
  void fallback() throws Throwable {
    QtThread.withWidgets(() ->
        QtThread.task(
            new QtHost(JambiQt.load(), QtThread.OPTIONS),
            () -> {
              Server server =
                  Streams.startServer((reader, writer) -> writer.close(), "127.0.0.1", 0);
              assertThat(Thread.getAllStackTraces().keySet())
                  .extracting(Thread::getName)
                  .anyMatch(name -> name.startsWith("lariat-net"));
              try (Connection connection = Streams.openConnection("127.0.0.1", server.port())) {
                assertThat(connection.reader().read()).isEmpty();
              }
              server.close();
              server.waitClosed();
            }));
  }

  /** What Qt's main loop is made of. */
  @SuppressWarnings("restricted")
  private static final class Dispatcher {
    private static final Linker LINKER = Linker.nativeLinker();
    private static final SymbolLookup QT =
        SymbolLookup.libraryLookup("libQt6Core.so.6", Arena.global());

    /** Sets what Qt looks at, in the environment of this process. */
    static void withoutGLib(boolean without) throws Throwable {
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment name = arena.allocateFrom("QT_NO_GLIB");
        MemorySegment value = arena.allocateFrom("1");
        if (without) {
          int _ = (int) call("setenv", ADDRESS, ADDRESS, JAVA_INT).invokeExact(name, value, 1);
        } else {
          int _ = (int) call("unsetenv", ADDRESS).invokeExact(name);
        }
      }
    }

    private static MethodHandle call(String name, MemoryLayout... parameters) {
      return LINKER.downcallHandle(
          LINKER.defaultLookup().findOrThrow(name), FunctionDescriptor.of(JAVA_INT, parameters));
    }

    /** An object of C++ begins with a pointer into its class's table, behind two words. */
    static boolean isOf(String type) throws Throwable {
      MemorySegment function = QT.findOrThrow("_ZN16QCoreApplication15eventDispatcherEv");
      MemorySegment dispatcher =
          (MemorySegment)
              LINKER.downcallHandle(function, FunctionDescriptor.of(ADDRESS)).invokeExact();
      MemorySegment table = QT.findOrThrow("_ZTV" + type.length() + type);
      return dispatcher.reinterpret(ADDRESS.byteSize()).get(ADDRESS, 0).address()
          == table.address() + 2 * ADDRESS.byteSize();
    }
  }
}
