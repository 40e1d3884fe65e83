package dev.lariat.internal;

/**
 * Checks, before any kernel class is loaded, that the JVM was started with the options Lariat
 * needs.
 */
public final class JvmOptions {
  private JvmOptions() {}

  /**
   * Returns if both packages are open to this module.
   *
   * @throws IllegalStateException naming the missing options and the ways to set them
   */
  public static void require() {
    Module here = JvmOptions.class.getModule();
    Module base = Object.class.getModule();
    if (base.isExported("jdk.internal.vm", here) && base.isOpen("java.lang", here)) {
      return;
    }
    String target = here.isNamed() ? here.getName() : "ALL-UNNAMED";
    throw new IllegalStateException(message(target));
  }

  static String message(String target) {
    String exports = "--add-exports java.base/jdk.internal.vm=" + target;
    String opens = "--add-opens java.base/java.lang=" + target;
    return """
    Lariat needs two JVM options that are missing: %1$s %2$s
    Set them in any one of these ways:
      1. on the command line: java %1$s %2$s ...
      2. in a file, one option a line, named lariat.args: java @lariat.args ...
      3. in the manifest of the jar started with java -jar: Add-Exports: java.base/jdk.internal.vm and Add-Opens: java.base/java.lang
      4. in the build: Maven Surefire's and Exec's <argLine> or Gradle's jvmArgs("--add-exports=java.base/jdk.internal.vm=%3$s", "--add-opens=java.base/java.lang=%3$s")\
    """
        .formatted(exports, opens, target);
  }
}
