package dev.lariat.testkit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A {@link Test} that is a coroutine: it may await, on a loop whose clock does not make it wait.
 * What it checks beside that is in {@link LariatExtension}.
 *
 * <pre>{@code
 * @AsyncTest
 * void retriesAfterAnHour() {
 *   Task<String> page = createTask(() -> fetchWithRetries(url));
 *   sleep(Duration.ofHours(1));
 *   assertEquals("the page", page.await());
 * }
 * }</pre>
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Test
@ExtendWith(LariatExtension.class)
public @interface AsyncTest {}
