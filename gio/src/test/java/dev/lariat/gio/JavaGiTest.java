package dev.lariat.gio;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import org.javagi.gobject.types.Types;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What java-gi is: the released one, wherever that works. */
class JavaGiTest extends GioTest {
  @Test
  @DisplayName("with GLib 2.76 or newer java-gi is as it was released; with an older one, patched")
  @SuppressWarnings("restricted")
  void released() {
    boolean isNew =
        SymbolLookup.libraryLookup("libgobject-2.0.so.0", Arena.global())
            .find("g_bookmark_file_get_type")
            .isPresent();
    String source = Types.class.getProtectionDomain().getCodeSource().getLocation().getPath();
    assertThat(source.endsWith(".jar")).as("%s", source).isEqualTo(isNew);
  }
}
