package dev.lariat.testkit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The tests of this class need a native library: without it they are skipped, or fail, as {@link
 * Needs} says. That is found out before there is any instance of the class.
 *
 * <pre>{@code
 * @NeedsLibrary(value = "libglib-2.0.so.0", install = "apt-get install libglib2.0-0")
 * class MainLoopTest { ... }
 * }</pre>
 */
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@ExtendWith(NeedsLibrary.Check.class)
public @interface NeedsLibrary {
  /** {@return its name, as the system's loader looks for it} */
  String value();

  /** {@return a command that installs it} */
  String install();

  /** What JUnit calls. */
  final class Check implements BeforeAllCallback {
    /** For JUnit. */
    public Check() {}

    @Override
    public void beforeAll(ExtensionContext context) {
      NeedsLibrary needs = context.getRequiredTestClass().getAnnotation(NeedsLibrary.class);
      if (needs != null) { // else the class is nested in one that has been looked at
        Needs.library(needs.value(), needs.install());
      }
    }
  }
}
