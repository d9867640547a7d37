package org.atelier.common.job;

import jakarta.validation.constraints.Min;
import org.atelier.common.job.MapperTrainRequest.Level;
import org.jspecify.annotations.Nullable;

/**
 * Some rows of w+: a level by its name, or a range.
 *
 * @param level whose rows are meant, where StyleCLIP's mapper has them: before row 4 (StyleGAN3: 5), to before row 8, the rest
 * @param from  first row; absent: 0
 * @param to    row behind the last one; absent: behind the generator's last
 */
public record Rows(@Nullable Level level, @Min(0) @Nullable Integer from, @Min(1) @Nullable Integer to) {}
