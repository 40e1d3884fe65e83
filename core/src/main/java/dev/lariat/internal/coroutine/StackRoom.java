package dev.lariat.internal.coroutine;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.lang.constant.ConstantDescs.INIT_NAME;
import static java.lang.constant.ConstantDescs.MTD_void;

import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.constant.ClassDesc;
import java.lang.invoke.MethodHandles;

/**
 * Makes sure of room on the stack before a continuation is run. One that overflows half way through
 * {@code Continuation.run} is never unmounted, and what it was run from cannot suspend any more.
 *
 * <p>The JVM checks the stack once a call, for the whole frame of the method. So it takes but one
 * call, of a method whose frame is as large as the room: larger than a source could declare, hence
 * made at run time. Interpreted it costs a microsecond, for clearing the locals. Compiled code has
 * no such frame, and costs a few nanoseconds, but it checks for the interpreter's frames wherever
 * it might go back to them, which is at calls; hence the one that is never made. The method is too
 * long to be inlined: its callers, too, would need the room for themselves, at each call.
 */
public final class StackRoom {
  /** For the first frames of a continuation, and for what is to do after one has overflowed. */
  private static final int BYTES = 16 << 10;

  private static final int TOO_LONG_TO_INLINE = 1_000;

  private static final ClassDesc SELF =
      ClassDesc.of(StackRoom.class.getPackageName(), "LargeFrame");

  private static final Runnable LARGE_FRAME = makeLargeFrame();

  private StackRoom() {}

  /**
   * Returns if there is room. Call it once where there is for certain, for it to be initialised.
   *
   * @throws StackOverflowError if not
   */
  public static void require() {
    LARGE_FRAME.run();
  }

  private static Runnable makeLargeFrame() {
    byte[] bytes = ClassFile.of().build(SELF, StackRoom::declare);
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup().defineHiddenClass(bytes, true);
      return (Runnable) lookup.lookupClass().getDeclaredConstructor().newInstance();
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private static void declare(ClassBuilder type) {
    type.withInterfaceSymbols(Runnable.class.describeConstable().orElseThrow())
        .withField("never", CD_boolean, ClassFile.ACC_STATIC)
        .withMethodBody(INIT_NAME, MTD_void, 0, StackRoom::initialise)
        .withMethodBody("run", MTD_void, ClassFile.ACC_PUBLIC, StackRoom::run);
  }

  private static void initialise(CodeBuilder code) {
    code.aload(0).invokespecial(CD_Object, INIT_NAME, MTD_void).return_();
  }

  private static void run(CodeBuilder code) {
    Label end = code.newLabel();
    code.getstatic(SELF, "never", CD_boolean).ifeq(end);
    code.iconst_0().istore(BYTES / Long.BYTES); // the last local
    code.aload(0).invokevirtual(SELF, "run", MTD_void);
    for (int i = 0; i < TOO_LONG_TO_INLINE; i++) {
      code.nop();
    }
    code.labelBinding(end).return_();
  }
}
