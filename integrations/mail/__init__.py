"""Letters by e-mail: into a folder, or by SMTP."""
