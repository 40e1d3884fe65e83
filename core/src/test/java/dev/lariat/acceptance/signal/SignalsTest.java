package dev.lariat.acceptance.signal;

import static dev.lariat.signal.Signals.addSignalHandler;
import static dev.lariat.signal.Signals.removeSignalHandler;
import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lariat.EventLoop;
import dev.lariat.acceptance.ChildJvm;
import dev.lariat.context.ContextVar;
import dev.lariat.host.LentSignal;
import dev.lariat.internal.SharedSignal;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/** SIG-1 to SIG-3. Signals that this process sends to itself; real time, but none is waited for. */
@DisabledOnOs(OS.WINDOWS)
@Timeout(30)
class SignalsTest {
  private static final Signal WINCH = new Signal("WINCH");
  private static final Signal CONT = new Signal("CONT");

  private final List<String> events = new ArrayList<>();
  private EventLoop loop;

  @BeforeEach
  void makeLoop() {
    loop = new EventLoop();
  }

  @AfterEach
  void closeLoop() {
    loop.close();
  }

  private void runUntilStopped(String signal) {
    loop.callSoon(() -> Signal.raise(new Signal(signal)));
    loop.runForever();
  }

  /** Who handles WINCH now. */
  private static SignalHandler handler() {
    SignalHandler handler = Signal.handle(WINCH, SignalHandler.SIG_DFL);
    Signal.handle(WINCH, handler);
    return handler;
  }

  @ParameterizedTest
  @ValueSource(strings = {"HUP", "SIGHUP", "TERM", "USR1", "WINCH", "CONT", "ALRM"})
  @DisplayName("SIG-1 a signal wakes an idle loop and runs the callback on its thread")
  void runs(String name) {
    addSignalHandler(
        loop,
        name,
        () -> {
          events.add(Thread.currentThread().getName());
          loop.stop();
        });
    runUntilStopped(name.replace("SIG", ""));
    assertThat(events).containsExactly(Thread.currentThread().getName());
  }

  @Test
  @DisplayName("SIG-1 the callback runs in the context it was registered in, every time")
  void context() {
    ContextVar<String> variable = ContextVar.of("variable");
    var token = variable.set("registered");
    addSignalHandler(
        loop,
        "WINCH",
        () -> {
          events.add(variable.get());
          loop.stop();
        });
    variable.reset(token);
    runUntilStopped("WINCH");
    runUntilStopped("WINCH");
    assertThat(events).containsExactly("registered", "registered");
  }

  @Test
  @DisplayName("SIG-1 a second handler of the loop replaces the first")
  void replaces() {
    addSignalHandler(loop, "WINCH", () -> events.add("first"));
    addSignalHandler(
        loop,
        "SIGWINCH",
        () -> {
          events.add("second");
          loop.stop();
        });
    runUntilStopped("WINCH");
    assertThat(events).containsExactly("second");
    assertThat(removeSignalHandler(loop, "WINCH")).isTrue();
    assertThat(handler()).isSameAs(SignalHandler.SIG_DFL);
  }

  @Test
  @DisplayName("SIG-1 what the callback throws goes to the loop's exception handler")
  void fails() {
    loop.setExceptionHandler((_, report) -> {
      events.add(report.exception().getMessage());
      loop.stop();
    });
    addSignalHandler(
        loop,
        "WINCH",
        () -> {
          throw new IllegalStateException("broken");
        });
    runUntilStopped("WINCH");
    assertThat(events).containsExactly("broken");
  }

  @ParameterizedTest
  @ValueSource(strings = {"KILL", "STOP"})
  @DisplayName("SIG-1 nobody can catch these")
  void uncatchable(String name) {
    assertThatThrownBy(() -> addSignalHandler(loop, name, () -> {}))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("SIG" + name + " cannot be caught: it ends or stops anyone.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"QUIT", "ILL", "FPE", "SEGV", "USR2", "BUS", "PIPE", "XFSZ"})
  @DisplayName("SIG-1 what the JVM keeps for itself is refused with a sentence")
  void reserved(String name) {
    assertThatThrownBy(() -> addSignalHandler(loop, "SIG" + name, () -> {}))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "SIG"
                + name
                + " cannot be handled: the JVM needs it for itself. Use another, as USR1.");
    assertThatThrownBy(() -> removeSignalHandler(loop, name))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  @DisplayName("SIG-1 CHLD would be lost, and is refused")
  void child() {
    assertThatThrownBy(() -> addSignalHandler(loop, "CHLD", () -> {}))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("Wait for the process instead");
  }

  @Test
  @DisplayName("SIG-1 names that are none")
  void invalid() {
    assertThatThrownBy(() -> addSignalHandler(loop, "NOSUCH", () -> {}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("There is no signal SIGNOSUCH here");
    assertThatThrownBy(() -> removeSignalHandler(loop, "15"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  @DisplayName("SIG-2 removing tells whether there was one, and restores what was there before")
  void removes() {
    SignalHandler own = _ -> {};
    SignalHandler before = Signal.handle(WINCH, own);
    try {
      assertThat(removeSignalHandler(loop, "WINCH")).isFalse();
      addSignalHandler(loop, "WINCH", () -> {});
      assertThat(handler()).isNotSameAs(own);
      assertThat(removeSignalHandler(loop, "WINCH")).isTrue();
      assertThat(handler()).isSameAs(own);
      assertThat(removeSignalHandler(loop, "WINCH")).isFalse();
    } finally {
      Signal.handle(WINCH, before);
    }
  }

  @Test
  @DisplayName("SIG-2 who has taken the signal meanwhile keeps it")
  void takenByOthers() {
    SignalHandler other = _ -> {};
    addSignalHandler(loop, "WINCH", () -> {});
    Signal.handle(WINCH, other);
    try {
      assertThat(removeSignalHandler(loop, "WINCH")).isTrue();
      assertThat(handler()).isSameAs(other);
    } finally {
      Signal.handle(WINCH, SignalHandler.SIG_DFL);
    }
  }

  @Test
  @DisplayName(
      "SIG-2 who took the signal meanwhile may put back what it found, and the first is told")
  void putBackByOthers() throws InterruptedException {
    CountDownLatch told = new CountDownLatch(1);
    SignalHandler before = Signal.handle(WINCH, _ -> told.countDown());
    try {
      addSignalHandler(loop, "WINCH", () -> events.add("loop"));
      SignalHandler found = Signal.handle(WINCH, _ -> events.add("other"));
      addSignalHandler(loop, "WINCH", () -> events.add("loop again"));
      removeSignalHandler(loop, "WINCH");
      Signal.handle(WINCH, found);
      Signal.raise(WINCH);
      assertThat(told.await(30, TimeUnit.SECONDS)).isTrue();
      assertThat(events).isEmpty();
    } finally {
      Signal.handle(WINCH, before);
    }
  }

  @Test
  @DisplayName("SIG-2 a signal that only a loop which is just being closed would get is passed on")
  void loopIsClosing() throws InterruptedException {
    CountDownLatch told = new CountDownLatch(1);
    SignalHandler before = Signal.handle(WINCH, _ -> told.countDown());
    SharedSignal shared = SharedSignal.of(WINCH);
    Runnable closed = () -> loop.callSoonThreadsafe(() -> {});
    loop.close();
    shared.add(closed);
    try {
      Signal.raise(WINCH);
      assertThat(told.await(30, TimeUnit.SECONDS)).isTrue();
    } finally {
      shared.remove(closed);
      Signal.handle(WINCH, before);
    }
  }

  @Test
  @DisplayName(
      "SIG-2 put back by others after its time, it leaves the signal to the system's default")
  void putBackOverDefault() throws InterruptedException { // what comes until then is dropped
    addSignalHandler(loop, "WINCH", () -> events.add("loop"));
    SignalHandler found = Signal.handle(WINCH, _ -> events.add("other"));
    removeSignalHandler(loop, "WINCH");
    Signal.handle(WINCH, found);
    assertThatThrownBy(
            () -> {
              while (true) {
                Signal.raise(WINCH);
                Thread.sleep(1);
              }
            })
        .hasMessage("Unhandled signal: SIGWINCH");
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (thread.getName().equals("SIGWINCH handler")) {
        thread.join(); // or what it tells would be told in the next test
      }
    }
    assertThat(events).isEmpty();
  }

  @Test
  @DisplayName("SIG-2 a library that calls whom it found, and is put above us again, ends nothing")
  void roundAndRound() throws InterruptedException {
    CountDownLatch told = new CountDownLatch(1);
    SignalHandler before = Signal.handle(WINCH, _ -> told.countDown());
    SignalHandler[] found = new SignalHandler[1];
    SignalHandler library = signal -> found[0].handle(signal);
    try {
      addSignalHandler(loop, "WINCH", () -> events.add("loop"));
      found[0] = Signal.handle(WINCH, library);
      addSignalHandler(loop, "WINCH", () -> events.add("loop again"));
      removeSignalHandler(loop, "WINCH");
      Signal.raise(WINCH); // the library's; it calls ours, which is over, and passes it on
      assertThat(told.await(30, TimeUnit.SECONDS)).isTrue();
      assertThat(events).isEmpty();
    } finally {
      Signal.handle(WINCH, before);
    }
  }

  // -- lent to native code -----------------------------------------------------------------------

  /** Has libc's {@code abs}, which does nothing to anybody, handle a signal. */
  @SuppressWarnings("restricted")
  private static void handleNatively(Signal signal) {
    Linker linker = Linker.nativeLinker();
    try {
      long _ =
          (long)
              linker
                  .downcallHandle(
                      linker.defaultLookup().findOrThrow("signal"),
                      FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS))
                  .invokeExact(signal.getNumber(), linker.defaultLookup().findOrThrow("abs"));
    } catch (Throwable error) {
      throw new AssertionError(error);
    }
  }

  private static String handlerOf(Signal signal) {
    SignalHandler handler = Signal.handle(signal, SignalHandler.SIG_DFL);
    Signal.handle(signal, handler);
    return handler.toString();
  }

  @Test
  @DisplayName("SIG-2 a signal lent to native code is refused meanwhile, and then as it was before")
  void lent() {
    for (int i = 0; i < 2; i++) {
      LentSignal lent = LentSignal.lend("CONT", () -> handleNatively(CONT)); // runs once
      assertThat(handlerOf(CONT)).contains("NativeHandler");
      assertThatThrownBy(() -> addSignalHandler(loop, "CONT", () -> {}))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageStartingWith("SIGCONT is handled by native code now");
      LentSignal again = LentSignal.lend("CONT", () -> events.add("installed again"));
      lent.close();
      lent.close();
      assertThat(handlerOf(CONT)).contains("NativeHandler");
      again.close();
      assertThat(handlerOf(CONT)).isEqualTo("SIG_DFL");
    }
    assertThat(events).isEmpty();
    addSignalHandler(loop, "CONT", loop::stop);
    LentSignal above = LentSignal.lend("CONT", () -> {});
    above.close();
    runUntilStopped("CONT"); // the loop's again
  }

  @Test
  @DisplayName("SIG-2 native code that installs nothing leaves all as it was")
  void notInstalled() {
    assertThatThrownBy(() -> LentSignal.lend("WINCH", () -> {}))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("Others have taken SIGWINCH from native code");
    assertThatThrownBy(() ->
            LentSignal.lend(
                "WINCH",
                () -> {
                  throw new UnsupportedOperationException("not here");
                }))
        .hasMessage("not here");
    assertThat(handler()).isSameAs(SignalHandler.SIG_DFL);
    addSignalHandler(loop, "WINCH", loop::stop);
    runUntilStopped("WINCH");
  }

  @Test
  @DisplayName("SIG-3 closing the loop gives all signals back")
  void closes() {
    addSignalHandler(loop, "WINCH", () -> {});
    addSignalHandler(loop, "CONT", () -> {});
    loop.close();
    assertThat(handler()).isSameAs(SignalHandler.SIG_DFL);
    assertThatThrownBy(() -> addSignalHandler(loop, "WINCH", () -> {}))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("Event loop is closed");
  }

  @Test
  @DisplayName("SIG-3 several loops get a signal; the last one to go restores it")
  void severalLoops() throws InterruptedException {
    AtomicInteger told = new AtomicInteger();
    try (EventLoop other = new EventLoop()) {
      addSignalHandler(
          other,
          "WINCH",
          () -> {
            told.incrementAndGet();
            other.stop();
          });
      addSignalHandler(
          loop,
          "WINCH",
          () -> {
            told.incrementAndGet();
            loop.stop();
          });
      Thread thread = Thread.ofPlatform().start(other::runForever);
      runUntilStopped("WINCH");
      thread.join();
      assertThat(told).hasValue(2);
      loop.close();
      assertThat(handler()).isNotSameAs(SignalHandler.SIG_DFL);
    }
    assertThat(handler()).isSameAs(SignalHandler.SIG_DFL);
  }

  private static List<String> output(String program, int exitValue, List<String> options)
      throws Exception {
    try (ChildJvm child = new ChildJvm(SignalPrograms.class, options, program)) {
      child.awaitLine("ready");
      child.interrupt();
      List<String> output = child.rest();
      assertThat(child.exitValue()).as("exit value, output %s", output).isEqualTo(exitValue);
      return output;
    }
  }

  @Test
  @DisplayName("SIG-1 Ctrl-C can be handled instead of cancelling main, and main goes on")
  void interrupt() throws Exception {
    assertThat(output("interrupt", 0, List.of())).containsExactly("callback", "returned", "end");
  }

  @Test
  @DisplayName("SIG-2 Ctrl-C given back cancels main again, and afterwards ends the process")
  void interruptGivenBack() throws Exception {
    assertThat(output("given-back", 0, List.of())).containsExactly("KeyboardInterrupt", "end");
    assertThat(output("afterwards", 130, List.of())).isEmpty();
  }

  @Test
  @DisplayName("SIG-2 Ctrl-C ends the process if a library puts our handler back after its time")
  void interruptPutBack() throws Exception {
    assertThat(output("put-back", 130, List.of())).isEmpty();
  }

  @Test
  @DisplayName("SIG-1 a signal that the JVM was started with as ignored is refused")
  void ignoredSignals() throws Exception {
    try (ChildJvm child = ChildJvm.ignoring("HUP", SignalPrograms.class, "hang-up")) {
      assertThat(child.rest().toString())
          .contains("SIGHUP cannot be handled: ")
          .contains("or since the start, as by nohup or a script's &.");
    }
  }

  @Test
  @DisplayName("SIG-1 a JVM started with -Xrs says why it refuses")
  void reducedSignals() throws Exception {
    try (ChildJvm child = new ChildJvm(SignalPrograms.class, List.of("-Xrs"), "interrupt")) {
      assertThat(child.rest().toString())
          .contains("SIGINT cannot be handled: the JVM keeps it for itself")
          .contains("started with -Xrs");
    }
  }
}
