package org.atelier.dispatcher.cli;

import org.atelier.common.job.JobId;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a job id from the command line. */
final class JobIdConverter implements ITypeConverter<JobId> {
    @Override
    public JobId convert(String text) {
        try {
            return new JobId(text);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }
}
