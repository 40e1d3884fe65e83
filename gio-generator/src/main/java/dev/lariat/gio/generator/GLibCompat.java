package dev.lariat.gio.generator;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarFile;

/**
 * java-gi asks every GLib for all types of GLib 2.76, and fails on an older one. For tests on such
 * a system (Debian 12), this writes a copy of the class that asks which takes no for an answer; it
 * has to be found before java-gi's own. Where GLib is new enough there is none.
 */
public final class GLibCompat {
  private static final String TYPES = "org/javagi/gobject/types/Types.class";

  private GLibCompat() {}

  /**
   * Runs the tool.
   *
   * @param args a directory, and java-gi's jar of GLib
   * @throws IOException if a file cannot be read or written
   */
  public static void main(String[] args) throws IOException {
    if (args.length != 2) {
      throw new IllegalArgumentException("usage: DIRECTORY JAR");
    }
    Path target = Path.of(args[0]).resolve(TYPES);
    if (isOld()) {
      Files.createDirectories(target.getParent());
      Files.write(target, patched(Path.of(args[1])));
    } else { // what was built on another system may have been copied here
      Files.deleteIfExists(target);
    }
  }

  @SuppressWarnings("restricted") // it is the question whether a library has a function
  private static boolean isOld() {
    try {
      return SymbolLookup.libraryLookup("libgobject-2.0.so.0", Arena.global())
          .find("g_bookmark_file_get_type")
          .isEmpty();
    } catch (IllegalArgumentException noLibrary) {
      return false;
    }
  }

  static byte[] patched(Path jar) throws IOException {
    try (JarFile file = new JarFile(jar.toFile());
        InputStream in = file.getInputStream(file.getJarEntry(TYPES))) {
      ClassFile classFile = ClassFile.of();
      return classFile.transformClass(
          classFile.parse(in.readAllBytes()),
          ClassTransform.transformingMethodBodies(
              method -> method.methodName().equalsString("<clinit>"),
              (code, element) -> {
                boolean check =
                    element instanceof InvokeInstruction call
                        && call.name().equalsString("requireNonNull");
                if (!check) { // which leaves on the stack what it is given
                  code.with(element);
                }
              }));
    }
  }
}
