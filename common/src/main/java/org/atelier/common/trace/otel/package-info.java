/** Spans and where they are sent: the only package of common that knows OpenTelemetry, which who uses the rest does without. */
@NullMarked
package org.atelier.common.trace.otel;

import org.jspecify.annotations.NullMarked;
