package dev.lariat.qt;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BOOLEAN;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.File;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.StructLayout;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The functions of Qt 6's core library that a host is made of, by the names that a C++ compiler of
 * the Itanium ABI (GCC, Clang) exports them under. Qt keeps them within all of Qt 6.
 *
 * <p>Pointers are longs, and the objects are C++'s: made by its {@code new}, because Qt may delete
 * them. An instance function is called with the object first.
 */
@SuppressWarnings("restricted") // this is the binding
final class QtCore {
  /** Names another library than the usual ones; for an application that brings its own Qt. */
  static final String LIBRARY_PROPERTY = "dev.lariat.qt.library";

  private static final List<String> LIBRARIES =
      List.of("libQt6Core.so.6", "libQt6Core.6.dylib", "QtCore.framework/Versions/A/QtCore");

  /** Qt 6 at least; what QCoreApplication's constructor is told the program was compiled with. */
  private static final int QT_VERSION = 0x060000;

  /** More than any of the classes here needs; they keep their data elsewhere. */
  private static final long OBJECT_SIZE = 64;

  private static final int PRECISE_TIMER = 0;
  private static final int AUTO_CONNECTION = 0;
  private static final int QUEUED_CONNECTION = 2;
  private static final int READ = 0;
  private static final int WAIT_FOR_MORE_EVENTS = 4;

  /**
   * QMetaObject::Connection is one pointer, but as it has a destructor it is returned in memory
   * that the caller names. So is any struct of more than two words; which is all that the linker
   * needs to know.
   */
  private static final StructLayout CONNECTION =
      MemoryLayout.structLayout(JAVA_LONG, JAVA_LONG, JAVA_LONG);

  private static final @Nullable SymbolLookup LIBRARY = library();
  private static final List<String> MISSING = new ArrayList<>();

  private static final MethodHandle NEW = function("_Znwm", JAVA_LONG, JAVA_LONG);
  private static final MethodHandle FREE = function("_ZdlPv", null, JAVA_LONG);
  private static final MethodHandle NEW_APPLICATION =
      function("_ZN16QCoreApplicationC1ERiPPci", null, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT);
  private static final MethodHandle DELETE_APPLICATION =
      function("_ZN16QCoreApplicationD0Ev", null, JAVA_LONG);
  private static final MethodHandle EXEC = function("_ZN16QCoreApplication4execEv", JAVA_INT);
  private static final MethodHandle EXIT = function("_ZN16QCoreApplication4exitEi", null, JAVA_INT);
  private static final MethodHandle QUIT = function("_ZN16QCoreApplication4quitEv", null);
  private static final MethodHandle CURRENT_THREAD =
      function("_ZN7QThread13currentThreadEv", JAVA_LONG);
  private static final MethodHandle LOOP_LEVEL =
      function("_ZNK7QThread9loopLevelEv", JAVA_INT, JAVA_LONG);
  private static final MethodHandle THREAD =
      function("_ZNK7QObject6threadEv", JAVA_LONG, JAVA_LONG);
  private static final MethodHandle BLOCK_SIGNALS =
      function("_ZN7QObject12blockSignalsEb", JAVA_BOOLEAN, JAVA_LONG, JAVA_BOOLEAN);
  private static final MethodHandle NEW_OBJECT =
      function("_ZN7QObjectC1EPS_", null, JAVA_LONG, JAVA_LONG);
  private static final MethodHandle DELETE_OBJECT = function("_ZN7QObjectD0Ev", null, JAVA_LONG);
  private static final MethodHandle DELETE_LATER =
      function("_ZN7QObject11deleteLaterEv", null, JAVA_LONG);
  private static final MethodHandle NEW_LOOP =
      function("_ZN10QEventLoopC1EP7QObject", null, JAVA_LONG, JAVA_LONG);
  private static final MethodHandle DELETE_LOOP = function("_ZN10QEventLoopD0Ev", null, JAVA_LONG);
  private static final MethodHandle EXEC_LOOP =
      function(
          "_ZN10QEventLoop4execE6QFlagsINS_17ProcessEventsFlagEE", JAVA_INT, JAVA_LONG, JAVA_INT);
  private static final MethodHandle HANDLE_EVENTS =
      function(
          "_ZN10QEventLoop13processEventsE6QFlagsINS_17ProcessEventsFlagEE",
          JAVA_BOOLEAN,
          JAVA_LONG,
          JAVA_INT);
  private static final MethodHandle EXIT_LOOP =
      function("_ZN10QEventLoop4exitEi", null, JAVA_LONG, JAVA_INT);
  private static final MethodHandle NEW_TIMER =
      function("_ZN6QTimerC1EP7QObject", null, JAVA_LONG, JAVA_LONG);
  private static final MethodHandle SET_SINGLE_SHOT =
      function("_ZN6QTimer13setSingleShotEb", null, JAVA_LONG, JAVA_BOOLEAN);
  private static final MethodHandle SET_TIMER_TYPE =
      function("_ZN6QTimer12setTimerTypeEN2Qt9TimerTypeE", null, JAVA_LONG, JAVA_INT);
  private static final MethodHandle START_TIMER =
      function("_ZN6QTimer5startEi", null, JAVA_LONG, JAVA_INT);
  private static final MethodHandle NEW_NOTIFIER =
      function(
          "_ZN15QSocketNotifierC1ExNS_4TypeEP7QObject",
          null,
          JAVA_LONG,
          JAVA_LONG,
          JAVA_INT,
          JAVA_LONG);
  private static final MethodHandle SET_NOTIFYING =
      function("_ZN15QSocketNotifier10setEnabledEb", null, JAVA_LONG, JAVA_BOOLEAN);
  private static final MethodHandle INVOKE_METHOD =
      function(
          "_ZN11QMetaObject16invokeMethodImplEP7QObjectPN9QtPrivate15QSlotObjectBaseEN2Qt14ConnectionTypeEPv",
          JAVA_BOOLEAN,
          JAVA_LONG,
          JAVA_LONG,
          JAVA_INT,
          JAVA_LONG);
  private static final MethodHandle CONNECT =
      function(
          "_ZN7QObject11connectImplEPKS_PPvS1_S3_PN9QtPrivate15QSlotObjectBaseEN2Qt14ConnectionTypeEPKiPK11QMetaObject",
          CONNECTION,
          JAVA_LONG,
          ADDRESS,
          JAVA_LONG,
          JAVA_LONG,
          JAVA_LONG,
          JAVA_INT,
          JAVA_LONG,
          JAVA_LONG);
  private static final MethodHandle FREE_CONNECTION =
      function("_ZN11QMetaObject10ConnectionD1Ev", null, ADDRESS);

  private static final long APPLICATION = symbol("_ZN16QCoreApplication4selfE");
  private static final Signal TIMEOUT = signal("QTimer", "7timeoutENS_14QPrivateSignalE");
  private static final Signal ABOUT_TO_QUIT =
      signal("QCoreApplication", "11aboutToQuitENS_14QPrivateSignalE");
  private static final Signal ACTIVATED =
      signal("QSocketNotifier", "9activatedE17QSocketDescriptorNS_4TypeENS_14QPrivateSignalE");

  private QtCore() {}

  // -- the library -------------------------------------------------------------------------------

  /** {@return why the functions cannot be called, as a clause; null if they can be} */
  static @Nullable String problem() {
    if (LIBRARY == null) {
      return "there is no " + System.getProperty(LIBRARY_PROPERTY, LIBRARIES.getFirst());
    }
    return MISSING.isEmpty() ? null : "Qt's core library lacks " + MISSING.getFirst();
  }

  private static @Nullable SymbolLookup library() {
    return names()
        .flatMap(name -> {
          try {
            return Stream.of(SymbolLookup.libraryLookup(name, Arena.global()));
          } catch (IllegalArgumentException notThere) {
            return Stream.empty();
          }
        })
        .findFirst()
        .orElse(null);
  }

  /**
   * QtJambi looks into java.library.path first; two copies of Qt would know nothing of each other.
   */
  private static Stream<String> names() {
    String named = System.getProperty(LIBRARY_PROPERTY);
    if (named != null) {
      return Stream.of(named);
    }
    return Stream.concat(
        Stream.of(System.getProperty("java.library.path", "").split(File.pathSeparator))
            .flatMap(folder -> LIBRARIES.stream().map(name -> folder + "/" + name)),
        LIBRARIES.stream());
  }

  private static long symbol(String name) {
    Optional<MemorySegment> found = LIBRARY == null ? Optional.empty() : LIBRARY.find(name);
    if (found.isEmpty()) {
      MISSING.add(name);
      return 0;
    }
    return found.get().address();
  }

  private static MethodHandle function(
      String name, @Nullable MemoryLayout result, MemoryLayout... arguments) {
    FunctionDescriptor type =
        result == null
            ? FunctionDescriptor.ofVoid(arguments)
            : FunctionDescriptor.of(result, arguments);
    long address = symbol(name);
    if (address == 0) {
      return MethodHandles.zero(void.class); // never called
    }
    return Linker.nativeLinker().downcallHandle(MemorySegment.ofAddress(address), type);
  }

  /** A signal: the C++ function that emits it, and its class's meta-object. */
  private record Signal(long function, long metaObject) {}

  private static Signal signal(String type, String function) {
    String prefix = "_ZN" + type.length() + type;
    return new Signal(symbol(prefix + function), symbol(prefix + "16staticMetaObjectE"));
  }

  private static AssertionError impossible(Throwable error) {
    return new AssertionError("A function of Qt threw: C++ functions cannot", error);
  }

  // -- the application ---------------------------------------------------------------------------

  /** {@return QCoreApplication::instance()} */
  static long application() {
    return MemorySegment.ofAddress(APPLICATION).reinterpret(JAVA_LONG.byteSize()).get(JAVA_LONG, 0);
  }

  static long newApplication(String name) {
    // Qt keeps both, by reference.
    MemorySegment count = Arena.global().allocateFrom(JAVA_INT, 1);
    MemorySegment names = Arena.global().allocate(ADDRESS, 2);
    names.set(ADDRESS, 0, Arena.global().allocateFrom(name));
    try {
      long application = allocate(OBJECT_SIZE);
      NEW_APPLICATION.invokeExact(application, count.address(), names.address(), QT_VERSION);
      return application;
    } catch (Throwable error) {
      throw impossible(error);
    }
  }

  static void deleteApplication(long application) {
    try {
      DELETE_APPLICATION.invokeExact(application);
    } catch (Throwable error) {
      throw impossible(error);
    }
  }

  static boolean onApplicationThread() {
    try {
      return (long) THREAD.invokeExact(application()) == (long) CURRENT_THREAD.invokeExact();
    } catch (Throwable error) {
      throw impossible(error);
    }
  }

  static void exec() {
    try {
      int _ = (int) EXEC.invokeExact();
    } catch (Throwable error) {
      throw impossible(error);
    }
  }

  static void exit() {
    try {
      EXIT.invokeExact(0);
    } catch (Throwable error) {
      throw impossible(error);
    }
  }

  static void quit() {
    try {
      QUIT.invokeExact();
    } catch (Throwable error) {
      throw impossible(error);
    }
  }

  /** {@return how many main loops run on this thread, each but the first inside another} */
  static int loopLevel() {
    try {
      return (int) LOOP_LEVEL.invokeExact((long) CURRENT_THREAD.invokeExact());
    } catch (Throwable error) {
      throw impossible(error);
    }
  }

  // -- objects -----------------------------------------------------------------------------------

  static long allocate(long size) {
    try {
      return (long) NEW.invokeExact(size);
    } catch (Throwable error) {
      throw impossible(error);
    }
  }

  static void free(long address) {
    try {
      FREE.invokeExact(address);
    } catch (Throwable error) {
      throw impossible(error);
    }
  }

  static long newObject() {
    return construct(NEW_OBJECT, 0);
  }

  private static long construct(MethodHandle constructor, long parent) {
    long object = allocate(OBJECT_SIZE);
    try {
      constructor.invokeExact(object, parent);
    } catch (Throwable error) {
      throw impossible(error);
    }
    return object;
  }

  /** Deletes an object now; not in a callback of its own. */
  static void delete(long object) {
    try {
      DELETE_OBJECT.invokeExact(object);
    } catch (Throwable error) {
      throw impossible(error);
    }
  }

  static void deleteLater(long object) {
    try {
      DELETE_LATER.invokeExact(object);
    } catch (Throwable error) {
      throw impossible(error);
    }
  }

  /** {@return whether they were blocked before} */
  static boolean blockSignals(long object, boolean block) {
    try {
      return (boolean) BLOCK_SIGNALS.invokeExact(object, block);
    } catch (Throwable error) {
      throw impossible(error);
    }
  }

  // -- nested main loops -------------------------------------------------------------------------

  static long newLoop() {
    return construct(NEW_LOOP, 0);
  }

  static void execLoop(long loop) {
    try {
      int _ = (int) EXEC_LOOP.invokeExact(loop, 0);
    } catch (Throwable error) {
      throw impossible(error);
    }
  }

  static void handleEvents(long loop) {
    try {
      boolean _ = (boolean) HANDLE_EVENTS.invokeExact(loop, WAIT_FOR_MORE_EVENTS);
    } catch (Throwable error) {
      throw impossible(error);
    }
  }

  static void exitLoop(long loop) {
    try {
      EXIT_LOOP.invokeExact(loop, 0);
    } catch (Throwable error) {
      throw impossible(error);
    }
  }

  static void deleteLoop(long loop) {
    try {
      DELETE_LOOP.invokeExact(loop);
    } catch (Throwable error) {
      throw impossible(error);
    }
  }

  // -- timers, descriptors, signals --------------------------------------------------------------

  /** {@return a precise timer that fires once a start; deleted with {@code parent}} */
  static long newTimer(long parent, Slot timeout) {
    long timer = construct(NEW_TIMER, parent);
    try {
      SET_SINGLE_SHOT.invokeExact(timer, true);
      SET_TIMER_TYPE.invokeExact(timer, PRECISE_TIMER);
    } catch (Throwable error) {
      throw impossible(error);
    }
    connect(timer, TIMEOUT, parent, timeout);
    return timer;
  }

  static void startTimer(long timer, int millis) {
    try {
      START_TIMER.invokeExact(timer, millis);
    } catch (Throwable error) {
      throw impossible(error);
    }
  }

  /** {@return what tells when a descriptor can be read; deleted with {@code parent}} */
  static long newNotifier(int descriptor, long parent, Slot readable) {
    long notifier = allocate(OBJECT_SIZE);
    try {
      NEW_NOTIFIER.invokeExact(notifier, (long) descriptor, READ, parent);
    } catch (Throwable error) {
      throw impossible(error);
    }
    connect(notifier, ACTIVATED, parent, readable);
    return notifier;
  }

  /** Has a notifier watch its descriptor, or not. */
  static void setNotifying(long notifier, boolean on) {
    try {
      SET_NOTIFYING.invokeExact(notifier, on);
    } catch (Throwable error) {
      throw impossible(error);
    }
  }

  static void onAboutToQuit(long receiver, Slot slot) {
    connect(application(), ABOUT_TO_QUIT, receiver, slot);
  }

  private static void connect(long sender, Signal signal, long receiver, Slot slot) {
    try (Arena arena = Arena.ofConfined()) {
      // A pointer to a member function: the function, and what to add to the object's address.
      MemorySegment member = arena.allocate(JAVA_LONG, 2);
      member.set(JAVA_LONG, 0, signal.function());
      MemorySegment connection =
          (MemorySegment)
              CONNECT.invokeExact(
                  (SegmentAllocator) arena,
                  sender,
                  member,
                  receiver,
                  0L,
                  slot.retain(),
                  AUTO_CONNECTION,
                  0L,
                  signal.metaObject());
      boolean connected = connection.get(JAVA_LONG, 0) != 0;
      FREE_CONNECTION.invokeExact(connection);
      if (!connected) {
        throw new IllegalStateException("Qt does not know the signal " + signal);
      }
    } catch (Throwable error) {
      throw impossible(error);
    }
  }

  /** Has {@code slot} called on the receiver's thread, by whatever main loop runs there. */
  static void invokeLater(long receiver, Slot slot) {
    try {
      boolean _ =
          (boolean) INVOKE_METHOD.invokeExact(receiver, slot.retain(), QUEUED_CONNECTION, 0L);
    } catch (Throwable error) {
      throw impossible(error);
    }
  }
}
